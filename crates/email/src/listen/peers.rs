//! Who speaks with us at this moment, so that one who opens many conversations takes no line from others.

use std::collections::HashMap;
use std::net::{IpAddr, Ipv6Addr};
use std::sync::{Arc, Mutex, PoisonError};

/// How many conversations each address holds.
#[derive(Default)]
pub(super) struct Peers(Mutex<HashMap<IpAddr, usize>>);

/// One of them; given up when it is dropped.
pub(super) struct One {
    peers: Arc<Peers>,
    address: IpAddr,
}

impl Peers {
    /// One more; `None` where it has `most` already. Who has one address of a /64 has all of them.
    pub fn comes(self: Arc<Self>, address: IpAddr, most: usize) -> Option<One> {
        let address = match address.to_canonical() {
            IpAddr::V6(address) => IpAddr::V6(Ipv6Addr::from_bits(address.to_bits() >> 64 << 64)),
            address => address,
        };
        {
            let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
            let count = all.entry(address).or_default();
            if *count >= most {
                return None;
            }
            *count += 1;
        }
        Some(One { peers: self, address })
    }
}

impl Drop for One {
    fn drop(&mut self) {
        let mut all = self.peers.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(count) = all.get_mut(&self.address) {
            *count -= 1;
            if *count == 0 {
                all.remove(&self.address);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_has_enough_waits_until_one_ends_and_nobody_is_remembered() {
        let peers = Arc::new(Peers::default());
        let (here, there) = (IpAddr::from([192, 0, 2, 1]), IpAddr::from([192, 0, 2, 2]));
        let both: Vec<One> = (0..2).map(|_| peers.clone().comes(here, 2).expect("a line")).collect();
        assert!(peers.clone().comes(here, 2).is_none());
        assert!(peers.clone().comes(there, 2).is_some(), "another's lines are its own");
        let subnet = |last| IpAddr::from([0x2001, 0xdb8, 0, 1, 0, 0, 0, last]);
        let one = peers.clone().comes(subnet(1), 1).expect("a line");
        assert!(peers.clone().comes(subnet(2), 1).is_none(), "the same network");
        drop((one, both));
        assert!(peers.clone().comes(here, 2).is_some());
        assert!(peers.0.lock().expect("nobody holds it").is_empty());
    }
}
