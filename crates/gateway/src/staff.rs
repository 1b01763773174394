//! `staff`: an invitation link for somebody, or the end of what they may do.

use anyhow::{Context, bail};
use clap::Subcommand;
use domain::StaffId;
use domain::people::Role;
use messaging::NewStaff;
use std::path::{Path, PathBuf};

/// What to do.
#[derive(Subcommand)]
pub enum Staff {
    /// Adds somebody, or finds who is there, and prints a link that sets a password once, within seven days.
    Invite {
        /// Their email address: the sign-in name.
        email: String,
        /// What families call them: "Ms Rivera". Needed for somebody new.
        #[arg(long, default_value = "")]
        title: String,
        /// teacher, office, nurse, principal, interpreter or district. Needed for somebody new; may be given twice.
        #[arg(long)]
        role: Vec<String>,
        /// Name of a school, as the roster gives it; may be given twice.
        #[arg(long)]
        school: Vec<String>,
        /// Languages they review, for interpreters: es,ar.
        #[arg(long, value_delimiter = ',')]
        languages: Vec<String>,
        /// Which district, where there are several.
        #[arg(long)]
        district: Option<String>,
        /// The configuration file.
        #[arg(long, default_value = "homeword.toml")]
        config: PathBuf,
    },
    /// Signs somebody out for good; families that wait for them get somebody else at once.
    Disable {
        /// Their email address.
        email: String,
        /// Which district, where there are several.
        #[arg(long)]
        district: Option<String>,
        /// The configuration file.
        #[arg(long, default_value = "homeword.toml")]
        config: PathBuf,
    },
}

async fn wired(config: &Path) -> anyhow::Result<(crate::config::Config, crate::serve::Wired)> {
    let config = crate::config::read(config)?;
    let wired = crate::serve::wire(&config, &config.secrets()?).await?;
    Ok((config, wired))
}

/// See [`Staff`].
pub async fn run(what: &Staff) -> anyhow::Result<()> {
    match what {
        Staff::Invite { email, title, role, school, languages, district, config } => {
            let (config, wired) = wired(config).await?;
            let ports = wired.flows.ports();
            let district = crate::import::chosen(ports.directory.districts().await?, district.as_deref())?;
            let mut roles = Vec::new();
            for word in role {
                let known = Role::ALL.iter().map(|role| role.as_str()).collect::<Vec<_>>().join(", ");
                roles.push(Role::read(word).with_context(|| format!("there is no role \"{word}\": {known}"))?);
            }
            let all = ports.people.schools(district.id).await?;
            let mut schools = Vec::new();
            for name in school {
                let names = all.iter().map(|school| school.name.as_str()).collect::<Vec<_>>().join(", ");
                let found = all.iter().find(|school| school.name == *name || school.short_name == *name);
                schools.push(found.with_context(|| format!("there is no school \"{name}\": {names}"))?.id);
            }
            let new =
                NewStaff { email: email.clone(), title: title.clone(), name: String::new(), roles, schools, languages: languages.clone() };
            let (_, secret) = wired.flows.invite(district.id, StaffId::HOUSE, &new).await?;
            println!("{}/invitation/{secret}", config.public_url);
            Ok(())
        }
        Staff::Disable { email, district, config } => {
            let (_, wired) = wired(config).await?;
            let ports = wired.flows.ports();
            let district = crate::import::chosen(ports.directory.districts().await?, district.as_deref())?;
            let all = ports.people.staff(district.id).await?;
            let Some(person) = all.iter().find(|person| person.email.reveal().eq_ignore_ascii_case(email.trim())) else {
                bail!("nobody in \"{}\" signs in with this address", district.name);
            };
            let moved = wired.flows.disable(district.id, StaffId::HOUSE, person.id).await?;
            println!("{} may not sign in any more; {moved} conversations that waited went to somebody else.", person.title);
            Ok(())
        }
    }
}
