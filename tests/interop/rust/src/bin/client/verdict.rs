//! The line that says how a scenario went.

use crate::expect::Checked;

pub fn to_json(scenario: &str, outcome: &Checked) -> String {
    let scenario = quote(scenario);
    match outcome {
        Ok(()) => format!(r#"{{"scenario":{scenario},"ok":true}}"#),
        Err(why) => format!(r#"{{"scenario":{scenario},"ok":false,"why":{}}}"#, quote(why)),
    }
}

fn quote(text: &str) -> String {
    let mut json = String::from('"');
    for char in text.chars() {
        match char {
            '"' | '\\' => json.extend(['\\', char]),
            '\0'..='\x1f' => json += &format!("\\u{:04x}", char as u32),
            _ => json.push(char),
        }
    }
    json + "\""
}
