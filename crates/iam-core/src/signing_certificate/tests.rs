use daypass_model::iam::*;

use crate::generated::*;
use crate::pki::samples::Sample;
use crate::testing::Fixture;

fn upload(user: Option<&str>, name: &str) -> UploadSigningCertificateInput {
    UploadSigningCertificateInput {
        user_name: user.map(str::to_owned),
        certificate_body: Sample::root(name).certificate,
    }
}

fn delete(user: &str, id: &str) -> DeleteSigningCertificateInput {
    DeleteSigningCertificateInput {
        user_name: Some(user.to_owned()),
        certificate_id: id.to_owned(),
    }
}

fn list(fixture: &Fixture, user: Option<&str>) -> Vec<SigningCertificate> {
    let input =
        ListSigningCertificatesInput { user_name: user.map(str::to_owned), ..Default::default() };
    fixture.ok::<ListSigningCertificates>(input).certificates
}

#[test]
fn a_certificate_is_kept_as_it_was_sent() {
    let fixture = Fixture::new();
    fixture.user("alice", None);
    let input = upload(Some("alice"), "one");
    let uploaded = fixture.ok::<UploadSigningCertificate>(input.clone()).certificate;
    assert_eq!(uploaded.certificate_body, input.certificate_body);
    assert_eq!((uploaded.user_name.as_str(), uploaded.status), ("alice", StatusType::Active));
    assert!((24..=128).contains(&uploaded.certificate_id.len()));
    assert_eq!(list(&fixture, Some("alice")), std::slice::from_ref(&uploaded));
    let refusal = fixture.refusal::<UploadSigningCertificate>(input);
    assert!(refusal.starts_with("DuplicateCertificate: "), "{refusal}");
    let update = UpdateSigningCertificateInput {
        user_name: Some("alice".to_owned()),
        certificate_id: uploaded.certificate_id.clone(),
        status: StatusType::Inactive,
    };
    fixture.ok::<UpdateSigningCertificate>(update);
    assert_eq!(list(&fixture, Some("alice"))[0].status, StatusType::Inactive);
    assert!(list(&fixture, None).is_empty(), "the root user's are others");
    let report = || {
        fixture.ok::<GenerateCredentialReport>(GenerateCredentialReportInput {});
        let report = fixture.ok::<GetCredentialReport>(GetCredentialReportInput {});
        String::from_utf8(report.content.unwrap()).unwrap()
    };
    assert!(report().ends_with(",false,2023-11-14T22:13:20+00:00,false,N/A"), "{}", report());
}

#[test]
fn a_user_has_two_at_most() {
    let fixture = Fixture::new();
    fixture.user("alice", None);
    fixture.ok::<UploadSigningCertificate>(upload(Some("alice"), "one"));
    let second = fixture.ok::<UploadSigningCertificate>(upload(Some("alice"), "two")).certificate;
    assert_eq!(
        fixture.refusal::<UploadSigningCertificate>(upload(Some("alice"), "three")),
        "LimitExceeded: Cannot exceed quota for CertificatesPerUser: 2"
    );
    fixture.ok::<DeleteSigningCertificate>(delete("alice", &second.certificate_id));
    fixture.ok::<UploadSigningCertificate>(upload(Some("alice"), "three"));
}

#[test]
fn the_root_user_has_its_own() {
    let fixture = Fixture::new();
    fixture.ok::<UploadSigningCertificate>(upload(None, "root"));
    assert_eq!(list(&fixture, None).len(), 1);
    let summary = fixture.ok::<GetAccountSummary>(GetAccountSummaryInput {}).summary_map.unwrap();
    assert_eq!(summary["AccountSigningCertificatesPresent"], 1);
}

#[test]
fn what_is_missing_is_named_the_user_first() {
    let fixture = Fixture::new();
    fixture.user("alice", None);
    fixture.user("bob", None);
    let id = "A".repeat(32);
    let no_user = "NoSuchEntity: The user with name none cannot be found.";
    assert_eq!(fixture.refusal::<DeleteSigningCertificate>(delete("none", &id)), no_user);
    assert_eq!(fixture.refusal::<UploadSigningCertificate>(upload(Some("none"), "one")), no_user);
    let missing = format!("NoSuchEntity: The Certificate with id {id} cannot be found.");
    assert_eq!(fixture.refusal::<DeleteSigningCertificate>(delete("alice", &id)), missing);
    let junk = UploadSigningCertificateInput {
        user_name: Some("alice".to_owned()),
        certificate_body: "junk".to_owned(),
    };
    assert_eq!(
        fixture.refusal::<UploadSigningCertificate>(junk),
        "MalformedCertificate: Unable to parse certificate. Please ensure the certificate is in PEM format."
    );
    let made = fixture.ok::<UploadSigningCertificate>(upload(Some("bob"), "bob")).certificate;
    let id = made.certificate_id;
    let missing = format!("NoSuchEntity: The Certificate with id {id} cannot be found.");
    assert_eq!(fixture.refusal::<DeleteSigningCertificate>(delete("alice", &id)), missing);
    let delete_user = |name: &str| DeleteUserInput { user_name: name.to_owned() };
    fixture.write(|account, tx| {
        let bob = account.user("bob").unwrap().record.id;
        let owner = daypass_state::record::KeyOwner::User(bob);
        account.access_keys(owner).for_each(|key| tx.delete_access_key(key));
    });
    assert_eq!(
        fixture.refusal::<DeleteUser>(delete_user("bob")),
        "DeleteConflict: Cannot delete entity, must delete signing certificates first."
    );
}
