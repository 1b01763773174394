//! `deliver`: a mail server starts it for each letter, with the letter on standard input, and goes by its exit code (sysexits.h). It
//! hands the letter to the running `homeword serve`; where that is away, the mail server comes again.

use anyhow::Context;
use email::Handed;
use std::io::Read;
use std::path::Path;
use std::process::ExitCode;

/// EX_NOUSER: there is no such address here, or it takes no such letter.
const REFUSED: u8 = 67;
/// EX_DATAERR: the letter is too large.
const TOO_LARGE: u8 = 65;
/// EX_TEMPFAIL: come again.
const LATER: u8 = 75;
/// As the listener's own limit, and one more to see that it is passed.
const MOST: u64 = 25 * 1024 * 1024 + 1;

/// See the module. Whatever goes wrong on our side is no reason to give a letter up: where it must come again for one of its
/// recipients it does for all, and those who have it drop it.
pub async fn deliver(config: &Path, from: &str, to: &[String]) -> ExitCode {
    let all = match handed(config, from, to).await {
        Ok(all) => all,
        Err(fault) => {
            eprintln!("homeword: {fault:#}");
            return ExitCode::from(LATER);
        }
    };
    let mut code = 0;
    for handed in all {
        let (next, why) = match handed {
            Handed::Kept => continue,
            Handed::Refused(why) => (if why.starts_with("552") { TOO_LARGE } else { REFUSED }, why),
            Handed::Later(why) => (LATER, why),
        };
        eprintln!("{why}");
        code = code.max(next);
    }
    ExitCode::from(code)
}

async fn handed(config: &Path, from: &str, to: &[String]) -> anyhow::Result<Vec<Handed>> {
    // Postfix names a report's sender MAILER-DAEMON.
    let from = if from.contains('@') { from } else { "" };
    let config = crate::config::read(config)?;
    let address = config.letters.listen()?.context("letters.listen is empty: homeword serve takes no letters")?;
    let mut raw = Vec::new();
    std::io::stdin().take(MOST).read_to_end(&mut raw).context("reading the letter")?;
    // Some mail servers put "From writer date" on top, as in a mailbox file.
    if raw.starts_with(b"From ") {
        let line = raw.iter().position(|byte| *byte == b'\n').map_or(raw.len(), |end| end + 1);
        raw.drain(..line);
    }
    let mut all = Vec::new();
    for to in to {
        all.push(email::hand_over(address, from, to, &raw).await);
    }
    Ok(all)
}
