# Reads an OCI process, or a config.json with one, and writes it as a script: `root_path` as in a config.json,
# `program`, and `run`, which becomes that program in $rootfs.

{ text = text $0 "\n" }

END {
  read_value("")
  at = "args" in count ? "" : "process."
  print "root_path=" quoted(string["root.path"])
  print "program=" quoted(string[at "args[0]"])
  print "run() {"
  print "  cd \"$rootfs\"/" quoted(string[at "cwd"]) " || exit"
  printf "  exec env -i"
  for (i = 0; i < count[at "env"]; i++) printf " %s", quoted(string[at "env[" i "]"])
  printf " PATH=\"$rootfs/bin\""
  for (i = 0; i < count[at "args"]; i++) printf " %s", quoted(string[at "args[" i "]"])
  print "\n}"
}

# Takes a value from the front of the text: its strings go to `string` by their path, as "process.args[0]",
# and the lengths of arrays to `count`.
function read_value(path,    i, key) {
  skip()
  if (take("{")) {
    while (skip() != "}") {
      key = read_string()
      take(":")
      read_value(path == "" ? key : path "." key)
      take(",")
    }
    take("}")
  } else if (take("[")) {
    for (i = 0; skip() != "]"; i++) {
      read_value(path "[" i "]")
      take(",")
    }
    take("]")
    count[path] = i
  } else if (skip() == "\"") {
    string[path] = read_string()
  } else {
    sub(/^[^],} \t\n]+/, "", text)
  }
}

# The next character that is no space.
function skip() {
  sub(/^[ \t\r\n]+/, "", text)
  return substr(text, 1, 1)
}

# Takes a character away, if it comes next.
function take(character) {
  if (skip() != character) return 0
  text = substr(text, 2)
  return 1
}

function read_string(    result, character) {
  take("\"")
  while (match(text, /^[^"\\]*\\/)) {
    result = result substr(text, 1, RLENGTH - 1)
    character = substr(text, RLENGTH + 1, 1)
    text = substr(text, RLENGTH + 2)
    if (character == "u") {
      result = result sprintf("%c", hexadecimal(substr(text, 1, 4)))
      text = substr(text, 5)
    } else {
      result = result (character in escape ? escape[character] : character)
    }
  }
  match(text, /^[^"]*/)
  result = result substr(text, 1, RLENGTH)
  text = substr(text, RLENGTH + 2)
  return result
}

function hexadecimal(digits,    i, number) {
  for (i = 1; i <= length(digits); i++) {
    number = number * 16 + index("0123456789abcdef", tolower(substr(digits, i, 1))) - 1
  }
  return number
}

# As one word of sh.
function quoted(word) {
  gsub(/'/, "'\\''", word)
  return "'" word "'"
}

BEGIN {
  escape["n"] = "\n"
  escape["t"] = "\t"
  escape["r"] = "\r"
  escape["b"] = "\b"
  escape["f"] = "\f"
}
