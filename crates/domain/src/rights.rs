//! Who may do what. Every use case asks here first (invariant 13); a foreign object answers like an absent one.

use crate::people::Role;
use crate::*;

/// The acting person, from a session.
#[derive(Clone, Debug)]
pub struct Actor {
    /// The tenant.
    pub district: DistrictId,
    /// Who.
    pub staff: StaffId,
    /// Their roles.
    pub roles: Vec<Role>,
    /// Their schools.
    pub schools: Vec<SchoolId>,
    /// Classes they teach.
    pub classes: Vec<ClassId>,
}

/// What somebody wants to do.
#[derive(Clone, Debug)]
pub enum Act {
    /// Write to the guardians of a student of this school, who is (or is not) in a class of theirs.
    WriteFamily {
        /// Where.
        school: SchoolId,
        /// In one of the actor's classes.
        own_student: bool,
    },
    /// Write to a class.
    WriteClass(ClassId, SchoolId),
    /// Write to a school.
    WriteSchool(SchoolId),
    /// Write to the district.
    WriteDistrict,
    /// Use this weight.
    Weigh(crate::message::Weight),
    /// Read a thread.
    ReadThread {
        /// Its owner.
        owner: StaffId,
        /// Its school.
        school: SchoolId,
        /// A nurse's or counselor's.
        private: bool,
    },
    /// See and change families of a school.
    ManageFamilies(SchoolId),
    /// Correct and approve words.
    Review,
    /// Work the by-hand queue of a school.
    WorkByHand(SchoolId),
    /// Import, settings, staff, audit.
    Administer,
}

/// Not allowed. Shown as "not found" for a foreign object.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Forbidden;

impl Actor {
    /// Whether the actor has this role.
    pub fn is(&self, role: Role) -> bool {
        self.roles.contains(&role)
    }
    fn at(&self, school: SchoolId) -> bool {
        self.is(Role::District) || self.schools.contains(&school)
    }
    fn leads(&self) -> bool {
        [Role::Office, Role::Principal, Role::District].iter().any(|role| self.is(*role))
    }

    /// Asks.
    pub fn may(&self, act: &Act) -> Result<(), Forbidden> {
        use crate::message::Weight;
        let allowed = match act {
            Act::WriteFamily { school, own_student } => self.at(*school) && (*own_student || self.leads() || self.is(Role::Nurse)),
            Act::WriteClass(class, school) => self.classes.contains(class) || (self.at(*school) && self.leads()),
            Act::WriteSchool(school) => self.at(*school) && self.leads(),
            Act::WriteDistrict => self.is(Role::District),
            Act::Weigh(Weight::Emergency) => self.is(Role::Principal) || self.is(Role::District) || self.is(Role::Office),
            Act::Weigh(Weight::Urgent) => self.leads() || self.is(Role::Nurse),
            Act::Weigh(_) => true,
            Act::ReadThread { owner, school, private } => *owner == self.staff || (!*private && self.at(*school) && self.leads()),
            Act::ManageFamilies(school) | Act::WorkByHand(school) => self.at(*school) && (self.leads() || self.is(Role::Nurse)),
            Act::Review => self.is(Role::Interpreter) || self.is(Role::District),
            Act::Administer => self.is(Role::District),
        };
        if allowed { Ok(()) } else { Err(Forbidden) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_teacher_writes_to_their_class_and_not_to_the_school() {
        let teacher = Actor {
            district: DistrictId(1),
            staff: StaffId(2),
            roles: vec![Role::Teacher],
            schools: vec![SchoolId(3)],
            classes: vec![ClassId(4)],
        };
        assert!(teacher.may(&Act::WriteClass(ClassId(4), SchoolId(3))).is_ok());
        assert!(teacher.may(&Act::WriteClass(ClassId(5), SchoolId(3))).is_err());
        assert!(teacher.may(&Act::WriteSchool(SchoolId(3))).is_err());
        assert!(teacher.may(&Act::Weigh(message::Weight::Emergency)).is_err());
    }

    #[test]
    fn a_nurses_thread_is_private_even_from_the_principal() {
        let principal =
            Actor { district: DistrictId(1), staff: StaffId(2), roles: vec![Role::Principal], schools: vec![SchoolId(3)], classes: vec![] };
        assert!(principal.may(&Act::ReadThread { owner: StaffId(9), school: SchoolId(3), private: true }).is_err());
        assert!(principal.may(&Act::ReadThread { owner: StaffId(9), school: SchoolId(3), private: false }).is_ok());
    }
}
