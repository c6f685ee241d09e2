// Does nothing but say how much memory that takes.
import { peakKib } from "../js/peak_memory.ts";

console.log(peakKib());
