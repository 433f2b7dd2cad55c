use aws_lc_rs::encoding::{AsDer, PublicKeyX509Der};
use aws_lc_rs::rsa::{KeyPair, KeySize};
use aws_lc_rs::signature::KeyPair as _;
use daypass_model::iam::*;

use crate::generated::*;
use crate::pki::samples::{SHORT_PEM, SSH_FINGERPRINT, SSH_LINE, SSH_PEM, pem};
use crate::testing::Fixture;

fn fixture() -> Fixture {
    let fixture = Fixture::new();
    for user in ["alice", "bob"] {
        let input = CreateUserInput { user_name: user.to_owned(), ..Default::default() };
        fixture.ok::<CreateUser>(input);
    }
    fixture
}

fn upload(user: &str, body: &str) -> UploadSshPublicKeyInput {
    UploadSshPublicKeyInput { user_name: user.to_owned(), ssh_public_key_body: body.to_owned() }
}

fn get(user: &str, id: &str, encoding: EncodingType) -> GetSshPublicKeyInput {
    GetSshPublicKeyInput { user_name: user.to_owned(), ssh_public_key_id: id.to_owned(), encoding }
}

fn list(fixture: &Fixture, user: &str) -> Vec<SshPublicKeyMetadata> {
    let input = ListSshPublicKeysInput { user_name: Some(user.to_owned()), ..Default::default() };
    fixture.ok::<ListSshPublicKeys>(input).ssh_public_keys.unwrap()
}

#[test]
fn a_key_is_shown_in_either_encoding() {
    let fixture = fixture();
    let made = fixture.ok::<UploadSshPublicKey>(upload("alice", SSH_LINE)).ssh_public_key.unwrap();
    assert_eq!(made.fingerprint, SSH_FINGERPRINT);
    assert_eq!(made.status, StatusType::Active);
    let id = made.ssh_public_key_id;
    assert!(id.starts_with("APKA") && id.len() == 20, "{id}");
    let body = |encoding| {
        let found = fixture.ok::<GetSshPublicKey>(get("alice", &id, encoding));
        found.ssh_public_key.unwrap().ssh_public_key_body
    };
    assert_eq!(body(EncodingType::Ssh), SSH_LINE);
    assert_eq!(body(EncodingType::Pem), SSH_PEM);
    let update = UpdateSshPublicKeyInput {
        user_name: "alice".to_owned(),
        ssh_public_key_id: id.clone(),
        status: StatusType::Inactive,
    };
    fixture.ok::<UpdateSshPublicKey>(update);
    assert_eq!(list(&fixture, "alice")[0].status, StatusType::Inactive);
    // The same key in the other encoding.
    let refusal = fixture.refusal::<UploadSshPublicKey>(upload("alice", SSH_PEM));
    assert!(refusal.starts_with("DuplicateSSHPublicKey: "), "{refusal}");
    fixture.ok::<UploadSshPublicKey>(upload("bob", SSH_PEM));
    let delete_user = DeleteUserInput { user_name: "alice".to_owned() };
    assert_eq!(
        fixture.refusal::<DeleteUser>(delete_user.clone()),
        "DeleteConflict: Cannot delete entity, must delete SSH public keys first."
    );
    let delete = DeleteSshPublicKeyInput { user_name: "alice".to_owned(), ssh_public_key_id: id };
    fixture.ok::<DeleteSshPublicKey>(delete);
    fixture.ok::<DeleteUser>(delete_user);
}

#[test]
fn what_cannot_be_a_key_is_refused() {
    let fixture = fixture();
    assert_eq!(
        fixture.refusal::<UploadSshPublicKey>(upload("alice", "ssh-rsa")),
        "UnrecognizedPublicKeyEncoding: Invalid public key uploaded."
    );
    let short = fixture.refusal::<UploadSshPublicKey>(upload("alice", SHORT_PEM));
    assert!(short.starts_with("InvalidPublicKey: "), "{short}");
    assert_eq!(
        fixture.refusal::<UploadSshPublicKey>(upload("none", "ssh-rsa")),
        "NoSuchEntity: The user with name none cannot be found."
    );
    let unknown = get("alice", "APKA0000000000000000", EncodingType::Ssh);
    let refusal = fixture.refusal::<GetSshPublicKey>(unknown);
    assert!(refusal.starts_with("NoSuchEntity: "), "{refusal}");
}

#[test]
fn a_user_has_five_at_most() {
    let fixture = fixture();
    let key = || {
        let pair = KeyPair::generate(KeySize::Rsa2048).unwrap();
        let der = AsDer::<PublicKeyX509Der<'_>>::as_der(pair.public_key()).unwrap();
        pem("PUBLIC KEY", der.as_ref())
    };
    for _ in 0..5 {
        fixture.ok::<UploadSshPublicKey>(upload("alice", &key()));
    }
    assert_eq!(
        fixture.refusal::<UploadSshPublicKey>(upload("alice", &key())),
        "LimitExceeded: Cannot exceed quota for SSHPublicKeysPerUser: 5"
    );
    assert_eq!(list(&fixture, "alice").len(), 5);
    let page = ListSshPublicKeysInput {
        user_name: Some("alice".to_owned()),
        max_items: Some(3),
        ..Default::default()
    };
    let page = fixture.ok::<ListSshPublicKeys>(page);
    assert_eq!(page.is_truncated, Some(true));
}
