use std::path::Path;

use daypass_ident::Principal;
use daypass_state::CredentialError;
use daypass_token::SessionClaims;

use super::*;

#[tokio::test]
async fn deployments_with_one_key_file_open_each_others_sessions() {
    let path = std::env::temp_dir().join(format!("daypass-one-file-{}", std::process::id()));
    let (one, other) = (deployment(Some(&path)).await, deployment(Some(&path)).await);
    let stranger = deployment(None).await;
    let session = session(&one);
    assert_eq!(identify(&one, &session), Ok(()));
    assert_eq!(identify(&other, &session), Ok(()));
    assert_eq!(identify(&stranger, &session), Err(CredentialError::TokenUnreadable));

    let file = KeyFile::at(path.clone());
    file.rotate(None, &SystemIds, &SystemClock).unwrap();
    one.reload_keys().unwrap();
    let newer = self::session(&one);
    assert_eq!(
        identify(&other, &newer),
        Err(CredentialError::TokenUnreadable),
        "it knows the old key only"
    );
    other.reload_keys().unwrap();
    for session in [&session, &newer] {
        assert_eq!(identify(&one, session), Ok(()));
        assert_eq!(identify(&other, session), Ok(()));
    }

    file.rotate(Some(0), &SystemIds, &SystemClock).unwrap();
    other.reload_keys().unwrap();
    assert_eq!(identify(&other, &newer), Err(CredentialError::TokenUnreadable));

    std::fs::remove_file(path).unwrap();
    assert!(one.reload_keys().is_err());
    assert_eq!(identify(&one, &newer), Ok(()), "the keys stay as they were");
    stranger.reload_keys().unwrap();
}

async fn deployment(key_file: Option<&Path>) -> Deployment {
    let key_file = key_file.map(|path| KeyFile::at(path.to_owned()));
    Deployment::new(Parts {
        account: AccountId::ZERO,
        well_known_keys: true,
        departures: Departures::NONE,
        issuers: UrlForm::Aws,
        seed: None,
        oidc_keys: Vec::new(),
        key_file,
        service_principals: Vec::new(),
    })
    .await
    .unwrap()
}

/// Access key id and token of a session of the root user.
fn session(deployment: &Deployment) -> (AccessKeyId, String) {
    let env = &deployment.env;
    let id = AccessKeyId::generate(AccessKeyKind::Temporary, AccountId::ZERO, &*env.ids);
    let now = env.clock.now().secs();
    let root = Principal::Root { account: AccountId::ZERO };
    let claims = SessionClaims::plain(id.clone(), root, now, now + 3_600);
    (id, env.directory.ring().seal(&claims, &*env.ids).unwrap().token.into())
}

fn identify(
    deployment: &Deployment,
    (id, token): &(AccessKeyId, String),
) -> Result<(), CredentialError> {
    let env = &deployment.env;
    let (view, now) = (env.state.view(), env.clock.now().secs());
    env.directory.identify(&view, id.as_str(), Some(token), now).map(|_| ())
}
