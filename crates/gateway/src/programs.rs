//! PostgreSQL's own programs, run for a database URL. Passwords go by the environment, never on a command line that others
//! can list; of what a program complains only the first line is told: later ones may quote a row.

use anyhow::{Context, bail};
use std::process::Stdio;
use tokio::process::Command;

/// Runs one to its end; what it wrote on standard output.
pub async fn run(program: &str, url: Option<&str>, arguments: &[&str]) -> anyhow::Result<Vec<u8>> {
    let mut command = Command::new(program);
    command.args(arguments).stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped()).kill_on_drop(true);
    if let Some(url) = url {
        let (bare, password) = without_password(url);
        command.arg(format!("--dbname={bare}"));
        if let Some(password) = password {
            command.env("PGPASSWORD", password);
        }
    }
    let output = match command.output().await {
        Err(fault) if fault.kind() == std::io::ErrorKind::NotFound => {
            bail!("the program {program} is missing: install the Debian package postgresql-client, of your server's version or newer")
        }
        output => output.with_context(|| format!("starting {program}"))?,
    };
    if !output.status.success() {
        let said = String::from_utf8_lossy(&output.stderr);
        bail!("{program} failed: {}", said.lines().next().unwrap_or("it did not say why"));
    }
    Ok(output.stdout)
}

/// A URL without its password, and the password.
fn without_password(url: &str) -> (String, Option<String>) {
    let Some((scheme, rest)) = url.split_once("://") else {
        return (url.to_owned(), None);
    };
    let (authority, path) = rest.split_at(rest.find(['/', '?']).unwrap_or(rest.len()));
    let Some((user, host)) = authority.rsplit_once('@') else {
        return (url.to_owned(), None);
    };
    match user.split_once(':') {
        Some((name, password)) => (format!("{scheme}://{name}@{host}{path}"), Some(decoded(password))),
        None => (url.to_owned(), None),
    }
}

/// Percent-decoded; what is no code stays.
fn decoded(text: &str) -> String {
    let bytes = text.as_bytes();
    let (mut out, mut at) = (Vec::with_capacity(bytes.len()), 0);
    while at < bytes.len() {
        let code = text.get(at + 1..at + 3).filter(|_| bytes[at] == b'%').and_then(|pair| u8::from_str_radix(pair, 16).ok());
        out.push(code.unwrap_or(bytes[at]));
        at += if code.is_some() { 3 } else { 1 };
    }
    String::from_utf8_lossy(&out).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_password_never_stands_on_a_command_line() {
        let apart = |url| without_password(url);
        assert_eq!(apart("postgres://h:p%40ss%é@db/x?a=b"), ("postgres://h@db/x?a=b".into(), Some("p@ss%é".into())));
        assert_eq!(apart("postgres://postgres@localhost/x?host=/tmp"), ("postgres://postgres@localhost/x?host=/tmp".into(), None));
        assert_eq!(apart("postgres:///x"), ("postgres:///x".into(), None));
    }
}
