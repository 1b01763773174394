//! Threads, what came in, and where each incoming ends (invariant 3: exactly one place, with its reason).

use crate::people::coded;
use crate::*;

coded! {
    /// Where an incoming ended.
    Place {
        /// Stored raw, not understood yet.
        Waiting = 0 "waiting",
        /// In a thread.
        Thread = 1 "thread",
        /// The family was asked who it is for.
        Question = 2 "question",
        /// With the office.
        Office = 3 "office",
        /// Keyword, duplicate, auto-reply, bounce: nothing for a person to read by need.
        Handled = 4 "handled",
        /// Quarantined: processing it failed; a person looks.
        Poison = 5 "poison",
    }
}

coded! {
    /// How something came in.
    Via {
        /// A text.
        Sms = 1 "sms",
        /// A letter.
        Email = 2 "email",
        /// A call nobody answered.
        Call = 3 "call",
        /// Taken down by hand.
        Hand = 4 "hand",
    }
}

coded! {
    /// Why a person must look.
    HoldKind {
        /// No words in this language: original + notice goes or went.
        NoLanguage = 1 "no-language",
        /// Engine words wait for a person.
        MachineWords = 2 "machine-words",
        /// The guard found something.
        Guard = 3 "guard",
        /// Essential words nobody approved.
        Essential = 4 "essential",
    }
}

coded! {
    /// Work done by hand (DIALOGUE 18).
    TaskKind {
        /// A person contacts a family in its language.
        ContactFamily = 1 "contact-family",
        /// A text or letter from a sender nobody knows.
        UnknownSender = 2 "unknown-sender",
        /// A family whose language is not on file.
        UnknownLanguage = 3 "unknown-language",
        /// A message could not reach a family.
        NotReached = 4 "not-reached",
        /// Rights unknown: the office decides.
        RightsUnknown = 5 "rights-unknown",
        /// A risk phrase: acknowledge within five minutes.
        Risk = 6 "risk",
        /// A delivery that may or may not have gone.
        Uncertain = 7 "uncertain",
        /// HELP, a wrong number, or free words that sound like STOP.
        Attend = 8 "attend",
        /// A spoken message: somebody listens and writes down what was said.
        Listen = 9 "listen",
    }
}

/// The thread's owner and clock.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Deadline {
    /// Who reads it.
    pub owner: StaffId,
    /// When it must be answered.
    pub due: Time,
}
