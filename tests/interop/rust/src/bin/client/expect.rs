//! What a scenario expects, and the words for what it gets instead.

use std::fmt::Debug;

use ttrpc::{Error, Result};

/// A value as expected, or what was wrong with it.
pub type Expected<T> = std::result::Result<T, String>;
pub type Checked = Expected<()>;

/// Says that something else than the expected outcome came as an error.
pub fn failed(expected: &str) -> impl Fn(Error) -> String {
    move |error| format!("expected {expected}, got {}", show(&error))
}

pub fn show(error: &Error) -> String {
    match error {
        Error::RpcStatus(status) => format!("code {} {:?}", status.code.value(), status.message),
        _ => error.to_string(),
    }
}

pub fn equal<T: PartialEq + Debug>(what: &str, got: T, want: T) -> Checked {
    if got == want {
        return Ok(());
    }
    Err(format!("expected {what} {want:?}, got {got:?}"))
}

/// Tells sizes and the first difference: payloads are too long to be shown.
pub fn equal_bytes(what: &str, got: &[u8], want: &[u8]) -> Checked {
    equal(&format!("size of {what}"), got.len(), want.len())?;
    match got.iter().zip(want).position(|(got, want)| got != want) {
        Some(i) => equal(&format!("{what} with byte {i} ="), got[i], want[i]),
        None => Ok(()),
    }
}

pub fn fails_with<T>(outcome: Result<T>, code: i32, message: &str) -> Checked {
    match outcome {
        Err(Error::RpcStatus(status)) => {
            equal("code", status.code.value(), code)?;
            equal("message", status.message.as_str(), message)
        }
        Err(error) => Err(failed(&format!("code {code}"))(error)),
        Ok(_) => Err(format!("expected code {code}, got success")),
    }
}

/// Expects an error of the crate's own, which has no code.
pub fn fails_locally<T>(outcome: Result<T>, message: &str) -> Checked {
    match outcome {
        Err(error) => equal("error", show(&error), message.to_string()),
        Ok(_) => Err(format!("expected the error {message:?}, got success")),
    }
}
