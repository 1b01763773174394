//! What a center's status means for us.
//!
//! Sources: SMPP 3.4 issue 1.2 section 5.1.3; Kannel's `gw/smsc/smsc_smpp.c` for which of them centers use for "later".

use domain::carrier::SendFault;

pub(super) const OK: u32 = 0x00;
pub(super) const INVALID_COMMAND: u32 = 0x03;
pub(super) const QUEUE_FULL: u32 = 0x14;
pub(super) const THROTTLED: u32 = 0x58;
/// "Not now": the center delivers it again.
pub(super) const TRY_AGAIN: u32 = 0x64;

/// Why a text was not taken. An answered status is the center's documented refusal, so nothing was taken; a system error or an
/// unknown one may have come after the text was, and is unclear.
pub(super) fn of_submit(status: u32) -> SendFault {
    match status {
        THROTTLED | QUEUE_FULL => SendFault::Throttled { after: None },
        0x0b => SendFault::BadAddress("the center does not know this number (ESME_RINVDSTADR)".into()),
        0x0a | 0x48 | 0x49 => {
            SendFault::Config(format!("the center refuses our number: check from, source_ton, source_npi (0x{status:x})"))
        }
        0x50 | 0x51 => {
            SendFault::Config(format!("the center refuses how we write families' numbers: tell us and the center (0x{status:x})"))
        }
        0x04 => SendFault::Config("the center lets this account receive only: check bind (ESME_RINVBNDSTS)".into()),
        0x15 | 0x53 | 0x100..=0x103 => SendFault::Config(format!("the center does not let this account send (0x{status:x})")),
        TRY_AGAIN => SendFault::NotSent("the center cannot take it now (ESME_RX_T_APPN)".into()),
        0x45 => SendFault::NotSent("the center did not take it (ESME_RSUBMITFAIL)".into()),
        0x08 | 0xfe | 0xff => SendFault::Unclear(format!("the center had an error of its own (0x{status:x})")),
        other => SendFault::Refused { code: format!("smpp 0x{other:x}") },
    }
}

/// Why we could not sign in. After a cut a center may think for a while that we are still there.
pub(super) fn of_bind(status: u32) -> SendFault {
    match status {
        0x0e => SendFault::Config("the center refuses the password".into()),
        0x0f => SendFault::Config("the center does not know this system_id".into()),
        0x0d => SendFault::Config("the center refuses to sign us in: check system_id, password, and the address it expects us from".into()),
        0x53 => SendFault::Config("the center refuses this system_type".into()),
        INVALID_COMMAND | 0x04 => SendFault::Config("the center does not offer this bind: try the other one".into()),
        0x05 => SendFault::NotSent("the center thinks we are signed in already".into()),
        other => SendFault::NotSent(format!("the center did not sign us in (0x{other:x})")),
    }
}
