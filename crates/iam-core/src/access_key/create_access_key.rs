use aws_smithy_types::DateTime;
use daypass_authz::{Guarded, Handle, Permitted, Scope, Targets};
use daypass_ident::{AccessKeyId, AccessKeyKind, generate_secret_access_key};
use daypass_model::ServiceError;
use daypass_model::iam::{AccessKey, CreateAccessKeyInput, CreateAccessKeyOutput};
use daypass_state::Tx;
use daypass_state::record::{AccessKeyRecord, KeyStatus};

use crate::caller::Subject;
use crate::credential_status;
use crate::generated::CreateAccessKey;
use crate::quotas;

impl Guarded for CreateAccessKey {
    fn targets(
        input: &CreateAccessKeyInput,
        scope: &Scope<'_>,
        targets: &mut Targets,
    ) -> Result<(), ServiceError> {
        let subject = Subject::of(input.user_name.as_deref(), scope.call())?;
        subject.need(targets, scope, "iam:CreateAccessKey");
        Ok(())
    }
}

impl Handle for CreateAccessKey {
    fn run(call: &Permitted<Self>, tx: &mut Tx) -> Result<CreateAccessKeyOutput, ServiceError> {
        let subject = Subject::of(call.input().user_name.as_deref(), call.call())?;
        let owner = subject.key_owner(tx.account())?;
        quotas::ACCESS_KEYS_PER_USER
            .of(tx.account())
            .admit_one(tx.account().access_keys(owner).count())?;
        let key = AccessKeyRecord {
            id: AccessKeyId::generate(AccessKeyKind::LongTerm, call.account(), call.ids()),
            secret: generate_secret_access_key(call.ids()),
            owner,
            status: KeyStatus::Active,
            create_date: call.now(),
        };
        tx.put_access_key(&key);
        Ok(CreateAccessKeyOutput {
            access_key: AccessKey {
                user_name: super::owner_name(tx.account(), owner),
                access_key_id: key.id.to_string(),
                status: credential_status::shown(key.status),
                secret_access_key: key.secret,
                create_date: Some(DateTime::from_secs(key.create_date)),
            },
        })
    }
}
