use daypass_authz::{Guarded, Handle, Permitted, Scope, Targets};
use daypass_ident::{AccountId, IdKind, UniqueId};
use daypass_model::ServiceError;
use daypass_model::iam::{
    CreateServiceSpecificCredentialInput, CreateServiceSpecificCredentialOutput,
};
use daypass_state::Tx;
use daypass_state::record::{KeyOwner, KeyStatus, ServiceSpecificCredentialRecord};

use super::secret::NewSecret;
use super::service::{Form, form};
use crate::errors::{InvalidInput, NoSuchEntity};
use crate::generated::CreateServiceSpecificCredential;
use crate::{need, quotas, user};

impl Guarded for CreateServiceSpecificCredential {
    fn targets(
        input: &CreateServiceSpecificCredentialInput,
        scope: &Scope<'_>,
        targets: &mut Targets,
    ) -> Result<(), ServiceError> {
        let target =
            need::on_user(targets, scope, "iam:CreateServiceSpecificCredential", &input.user_name);
        target.key("iam:ServiceSpecificCredentialServiceName", &input.service_name);
        if let Some(days) = input.credential_age_days {
            target.key("iam:ServiceSpecificCredentialAgeDays", days.to_string());
        }
        Ok(())
    }
}

impl Handle for CreateServiceSpecificCredential {
    fn run(
        call: &Permitted<Self>,
        tx: &mut Tx,
    ) -> Result<CreateServiceSpecificCredentialOutput, ServiceError> {
        let input = call.input();
        let user = user::find(tx.account(), &input.user_name)?.clone();
        let service = &input.service_name;
        let form = form(service).ok_or(NoSuchEntity::ServiceOfCredential(service))?;
        if form == Form::Password && input.credential_age_days.is_some() {
            return Err(InvalidInput::CredentialAge(service).into());
        }
        let owner = KeyOwner::User(user.record.id);
        let of_user = tx.account().credentials_of::<ServiceSpecificCredentialRecord>(owner);
        let of_service: Vec<_> = of_user.filter(|one| one.service == *service).collect();
        quotas::CREDENTIALS_PER_SERVICE.of(tx.account()).admit_one(of_service.len())?;
        let names = (0_usize..).map(|number| name(&user.record.name, number, call.account()));
        let free = |name: &String| !of_service.iter().any(|one| one.name == *name);
        let name = names.take(of_service.len() + 1).find(free).unwrap_or_default();
        let secret = NewSecret::generate(service, &name, call.ids());
        let days = input.credential_age_days.map(i64::from);
        let id = UniqueId::generate(IdKind::ServiceSpecificCredential, call.account(), call.ids());
        let record = ServiceSpecificCredentialRecord {
            id,
            user: user.record.id,
            service: service.clone(),
            name,
            secret_hash: secret.hash.clone(),
            status: KeyStatus::Active,
            create_date: call.now(),
            expiration: days.map(|days| call.now().saturating_add(days * DAY)),
        };
        tx.put_credential(&record);
        let shown = super::with_secret(&user, &record, secret, call.now());
        Ok(CreateServiceSpecificCredentialOutput { service_specific_credential: Some(shown) })
    }
}

/// As recorded from AWS: the second of a service has a number.
fn name(user: &str, number: usize, account: AccountId) -> String {
    match number {
        0 => format!("{user}-at-{account}"),
        _ => format!("{user}+{number}-at-{account}"),
    }
}

/// In seconds.
const DAY: i64 = 86_400;
