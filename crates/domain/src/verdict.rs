//! The one function that turns a carrier's fault into what happens next.

use crate::Time;
use crate::carrier::SendFault;
use std::time::Duration;

/// What happens next to an attempt that was not accepted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// Nothing was sent: queue again, not before this.
    Retry(Time),
    /// This way is closed: walk the ladder (other channel, other guardian, by hand).
    GiveUp(String),
    /// The family stopped with the company: write the block, then walk the ladder.
    Block,
    /// May have gone: `uncertain`; look up or wait for a receipt, never resend by itself.
    Uncertain(String),
    /// Our own account is wrong: queue again later and pause this sender.
    PauseSender(String),
}

/// What a landline's failure says.
pub const LANDLINE: &str = "Landline: ask for another number.";
/// What the failure of a number or address that is gone says.
pub const NO_SUCH: &str = "This number or address does not exist: ask for another.";
/// What the refusal of a number or address says, when whoever carries for us does not say more.
pub const CANNOT: &str = "This number or address takes nothing from us: ask for another.";

/// What is said where the family stopped with the company, not with us.
pub const STOPPED: &str = "The family stopped texts with its carrier.";

/// What the failure of a text or letter says whose words could not be put together.
pub const NOT_MADE: &str = "Its words could not be put together: tell them by hand.";

/// What is said of a text that never left.
pub const LOST: &str = "Each worker that took it up ended before it left: tell them by hand.";

/// Attempts before giving up on a temporary fault.
pub const MOST_ATTEMPTS: i16 = 20;

/// Decides. `jitter` is 0..1, handed in.
pub fn verdict(fault: &SendFault, attempt: i16, now: Time, jitter: f64) -> Verdict {
    match fault {
        SendFault::Config(what) => Verdict::PauseSender(what.clone()),
        SendFault::BadAddress(why) if why == "landline" => Verdict::GiveUp(LANDLINE.into()),
        SendFault::BadAddress(_) => Verdict::GiveUp(CANNOT.into()),
        SendFault::OptedOut => Verdict::Block,
        SendFault::NotMade => Verdict::GiveUp(NOT_MADE.into()),
        SendFault::Refused { code } => Verdict::GiveUp(format!("refused by the carrier ({code})")),
        SendFault::Unclear(why) | SendFault::Garbled(why) => Verdict::Uncertain(why.clone()),
        SendFault::Throttled { after } => Verdict::Retry(now.plus_seconds(after.unwrap_or(back_off(attempt, jitter)).as_secs() as i64)),
        SendFault::NotSent(why) if attempt >= MOST_ATTEMPTS => Verdict::GiveUp(why.clone()),
        SendFault::NotSent(_) => Verdict::Retry(now.plus_seconds(back_off(attempt, jitter).as_secs() as i64)),
        // Not the company's doing, so that it is not spared; nor for ever, since a text may be what ends us.
        SendFault::Lost if attempt >= MOST_ATTEMPTS => Verdict::GiveUp(LOST.into()),
        SendFault::Lost => Verdict::Retry(now.plus_seconds(back_off(1, jitter).as_secs() as i64)),
    }
}

/// 5 s, 20 s, 80 s … up to 30 minutes, with up to a half more.
pub fn back_off(attempt: i16, jitter: f64) -> Duration {
    let base = 5.0 * 4f64.powi(i32::from(attempt.clamp(1, 6)) - 1);
    Duration::from_secs_f64(base.min(1800.0) * (1.0 + jitter.clamp(0.0, 1.0) / 2.0))
}

/// A receipt's code as it is kept: what its fault means goes before the company's own, which nobody here knows.
pub fn receipt_code(fault: Option<&SendFault>, code: &str) -> String {
    let meaning = match fault {
        Some(SendFault::BadAddress(why)) if why == "landline" => LANDLINE_CODE,
        Some(SendFault::BadAddress(_)) => CANNOT_CODE,
        Some(SendFault::OptedOut) => STOPPED_CODE,
        _ => return code.to_owned(),
    };
    format!("{meaning} {code}").trim_end().to_owned()
}

const LANDLINE_CODE: &str = "landline";
const CANNOT_CODE: &str = "cannot";
const STOPPED_CODE: &str = "stopped";

/// What a receipt's or mail server's code means for whoever reads it.
pub fn reason_of(code: &str) -> String {
    match code.split(' ').next().unwrap_or_default() {
        LANDLINE_CODE => LANDLINE.into(),
        CANNOT_CODE => CANNOT.into(),
        STOPPED_CODE => STOPPED.into(),
        "5.1.1" => NO_SUCH.into(),
        "" => "It did not arrive: tell them by hand.".into(),
        _ => format!("It did not arrive (carrier code {code}): tell them by hand."),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_unclear_attempt_is_never_sent_again_by_itself() {
        let now = Time(0);
        for fault in [SendFault::Unclear("cut".into()), SendFault::Garbled("?".into())] {
            assert!(matches!(verdict(&fault, 1, now, 0.0), Verdict::Uncertain(_)));
        }
        assert!(matches!(verdict(&SendFault::NotSent("connect".into()), 1, now, 0.0), Verdict::Retry(at) if at > now));
        assert!(matches!(verdict(&SendFault::NotSent("connect".into()), MOST_ATTEMPTS, now, 0.0), Verdict::GiveUp(_)));
        assert_eq!(verdict(&SendFault::OptedOut, 1, now, 0.0), Verdict::Block);
    }

    #[test]
    fn what_our_own_end_cut_off_goes_soon_however_often_and_not_for_ever() {
        let soon = verdict(&SendFault::Lost, 1, Time(0), 0.0);
        assert_eq!(soon, Verdict::Retry(Time(5_000_000)));
        assert_eq!(verdict(&SendFault::Lost, MOST_ATTEMPTS - 1, Time(0), 0.0), soon, "the company did nothing wrong");
        assert_eq!(verdict(&SendFault::Lost, MOST_ATTEMPTS, Time(0), 0.0), Verdict::GiveUp(LOST.into()));
    }
}
