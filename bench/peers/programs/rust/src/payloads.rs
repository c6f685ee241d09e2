//! What is sent, and the check of what comes.

use std::collections::HashMap;
use std::sync::{LazyLock, Mutex};

const KINDS: usize = 16;

/// The payloads of each size that was asked for.
static MADE: LazyLock<Mutex<HashMap<usize, &'static Payloads>>> = LazyLock::new(Mutex::default);

/// The sixteen payloads of a size; payload k has the bytes (31 * k + i) & 0xff.
pub struct Payloads([Vec<u8>; KINDS]);

impl Payloads {
    /// The payloads of a size, made once.
    pub fn of(size: usize) -> &'static Payloads {
        let make = |k| (0..size).map(|i| (31 * k + i) as u8).collect();
        let mut made = MADE.lock().expect("nobody panics with it");
        made.entry(size).or_insert_with(|| Box::leak(Box::new(Payloads(std::array::from_fn(make)))))
    }

    /// The payload of message n.
    pub fn at(&self, n: usize) -> &[u8] {
        &self.0[n % KINDS]
    }
}

/// Checks all bytes of a small payload, and the length and each 509th byte of a large one.
pub fn require_same(actual: &[u8], expected: &[u8]) -> Result<(), String> {
    let step = if expected.len() <= 256 { 1 } else { 509 };
    let same = actual.len() == expected.len()
        && (0..expected.len()).step_by(step).all(|i| actual[i] == expected[i]);
    if same { Ok(()) } else { Err(format!("got another payload of {} bytes than was sent", actual.len())) }
}

/// Checks messages as they come, and counts them.
#[derive(Default)]
pub struct MessageCheck {
    pub count: usize,
    payloads: Option<&'static Payloads>,
}

impl MessageCheck {
    pub fn next(&mut self, data: &[u8]) -> Result<(), String> {
        let payloads = self.payloads.get_or_insert_with(|| Payloads::of(data.len()));
        require_same(data, payloads.at(self.count))?;
        self.count += 1;
        Ok(())
    }
}
