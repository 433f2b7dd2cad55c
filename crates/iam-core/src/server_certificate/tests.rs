use daypass_ident::Secret;
use daypass_model::iam::*;

use crate::generated::*;
use crate::pki::samples::Sample;
use crate::testing::{ACCOUNT, Fixture, NOW};

fn upload(name: &str, sample: &Sample) -> UploadServerCertificateInput {
    UploadServerCertificateInput {
        server_certificate_name: name.to_owned(),
        certificate_body: sample.certificate.clone(),
        private_key: Secret::new(sample.private_key()),
        ..Default::default()
    }
}

fn get(name: &str) -> GetServerCertificateInput {
    GetServerCertificateInput { server_certificate_name: name.to_owned() }
}

fn names(fixture: &Fixture, prefix: Option<&str>) -> Vec<String> {
    let input = ListServerCertificatesInput {
        path_prefix: prefix.map(str::to_owned),
        ..Default::default()
    };
    let listed = fixture.ok::<ListServerCertificates>(input).server_certificate_metadata_list;
    listed.into_iter().map(|one| one.server_certificate_name).collect()
}

#[test]
fn what_is_uploaded_is_shown_without_its_key() {
    let fixture = Fixture::new();
    let root = Sample::root("root");
    let leaf = root.signs("leaf");
    let input = UploadServerCertificateInput {
        path: Some("/cloudfront/web/".to_owned()),
        certificate_chain: Some(root.certificate.clone()),
        tags: Some(vec![Tag { key: "team".to_owned(), value: "web".to_owned() }]),
        ..upload("Web", &leaf)
    };
    let uploaded = fixture.ok::<UploadServerCertificate>(input);
    let metadata = uploaded.server_certificate_metadata.unwrap();
    assert_eq!(
        metadata.arn,
        format!("arn:aws:iam::{ACCOUNT}:server-certificate/cloudfront/web/Web")
    );
    assert!(metadata.server_certificate_id.starts_with("ASCA"));
    assert_eq!(metadata.upload_date.unwrap().secs(), NOW);
    assert_eq!(uploaded.tags.unwrap().len(), 1);
    let found = fixture.ok::<GetServerCertificate>(get("WEB")).server_certificate;
    assert_eq!(found.server_certificate_metadata, metadata);
    assert_eq!(found.certificate_body, leaf.certificate);
    assert_eq!(found.certificate_chain, Some(root.certificate));
    assert_eq!(names(&fixture, Some("/cloudfront/")), ["Web"]);
    assert!(names(&fixture, Some("/other/")).is_empty());
    // RFC 5280 has the last moment of the year 4095.
    assert!(metadata.expiration.unwrap().secs() > NOW);
}

#[test]
fn the_parts_must_fit_together() {
    let fixture = Fixture::new();
    let (root, other) = (Sample::root("root"), Sample::root("other"));
    let leaf = root.signs("leaf");
    let refused = |input| fixture.refusal::<UploadServerCertificate>(input);
    let unreadable = "MalformedCertificate: Unable to parse certificate. Please ensure the certificate is in PEM format.";
    let body = UploadServerCertificateInput {
        certificate_body: "certificate".to_owned(),
        ..upload("web", &root)
    };
    assert_eq!(refused(body), unreadable);
    let chain = |chain: &str| UploadServerCertificateInput {
        certificate_chain: Some(chain.to_owned()),
        ..upload("web", &leaf)
    };
    assert_eq!(refused(chain("chain")), unreadable);
    assert_eq!(
        refused(chain(&other.certificate)),
        "MalformedCertificate: Unable to validate certificate chain. The certificate chain must start with the immediate signing certificate, followed by any intermediaries in order. The index within the chain of the invalid certificate is: 1"
    );
    let key = |key: &str| UploadServerCertificateInput {
        private_key: Secret::new(key.to_owned()),
        ..upload("web", &root)
    };
    assert!(refused(key("key")).starts_with("MalformedCertificate: "));
    assert!(refused(key(&other.private_key())).starts_with("KeyPairMismatch: "));
    let past = Sample::valid((2020, 1, 1), (2021, 1, 1));
    let future = Sample::valid((2040, 1, 1), (2041, 1, 1));
    for dated in [past, future] {
        assert!(refused(upload("web", &dated)).starts_with("MalformedCertificate: "));
    }
    assert!(names(&fixture, None).is_empty());
}

#[test]
fn names_are_unique_and_twenty_at_most() {
    let fixture = Fixture::new();
    let root = Sample::root("root");
    for number in 0..20 {
        fixture.ok::<UploadServerCertificate>(upload(&format!("web{number}"), &root));
    }
    assert_eq!(
        fixture.refusal::<UploadServerCertificate>(upload("WEB1", &root)),
        "EntityAlreadyExists: The Server Certificate with name WEB1 already exists."
    );
    assert_eq!(
        fixture.refusal::<UploadServerCertificate>(upload("more", &root)),
        "LimitExceeded: Cannot exceed quota for ServerCertificatesPerAccount: 20"
    );
    let page = |marker: Option<String>| {
        let input =
            ListServerCertificatesInput { marker, max_items: Some(15), ..Default::default() };
        fixture.ok::<ListServerCertificates>(input)
    };
    let first = page(None);
    assert_eq!(first.is_truncated, Some(true));
    let second = page(first.marker);
    assert_eq!(second.server_certificate_metadata_list.len(), 5);
    assert_eq!(second.is_truncated, Some(false));
    let summary = fixture.ok::<GetAccountSummary>(GetAccountSummaryInput {}).summary_map.unwrap();
    assert_eq!(summary["ServerCertificates"], 20);
}

#[test]
fn a_certificate_gets_another_name_and_path() {
    let fixture = Fixture::new();
    let root = Sample::root("root");
    fixture.ok::<UploadServerCertificate>(upload("web", &root));
    fixture.ok::<UploadServerCertificate>(upload("taken", &root));
    let before = fixture.ok::<GetServerCertificate>(get("web")).server_certificate;
    let update = |new: &str| UpdateServerCertificateInput {
        server_certificate_name: "web".to_owned(),
        new_path: Some("/new/".to_owned()),
        new_server_certificate_name: Some(new.to_owned()),
    };
    assert_eq!(
        fixture.refusal::<UpdateServerCertificate>(update("Taken")),
        "EntityAlreadyExists: The Server Certificate with name Taken already exists."
    );
    // To move it takes the right to both, also within a path.
    let old_only = fixture.user_allowed(
        "old",
        "iam:UpdateServerCertificate",
        &format!("arn:aws:iam::{ACCOUNT}:server-certificate/web"),
    );
    let denial = fixture.denial::<UpdateServerCertificate>(&old_only, update("next"));
    assert!(denial.contains("server certificate next"), "{denial}");
    fixture.ok::<UpdateServerCertificate>(update("next"));
    assert_eq!(
        fixture.refusal::<GetServerCertificate>(get("web")),
        "NoSuchEntity: The Server Certificate with name web cannot be found."
    );
    let after = fixture.ok::<GetServerCertificate>(get("next")).server_certificate;
    let (before, after) = (before.server_certificate_metadata, after.server_certificate_metadata);
    assert_eq!(after.server_certificate_id, before.server_certificate_id);
    assert_eq!(after.path, "/new/");
    let delete = || DeleteServerCertificateInput { server_certificate_name: "next".to_owned() };
    fixture.ok::<DeleteServerCertificate>(delete());
    assert!(fixture.refusal::<DeleteServerCertificate>(delete()).starts_with("NoSuchEntity: "));
}

#[test]
fn tags_decide() {
    let fixture = Fixture::new();
    fixture.ok::<UploadServerCertificate>(upload("web", &Sample::root("root")));
    let tag = Tag { key: "team".to_owned(), value: "web".to_owned() };
    let name = || "web".to_owned();
    let input = TagServerCertificateInput { server_certificate_name: name(), tags: vec![tag] };
    fixture.ok::<TagServerCertificate>(input);
    let caller = fixture.user(
        "alice",
        Some(
            r#"{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"iam:*","Resource":"*","Condition":{"StringEquals":{"aws:ResourceTag/team":"web"}}}}"#,
        ),
    );
    let tags =
        || ListServerCertificateTagsInput { server_certificate_name: name(), ..Default::default() };
    let listed = fixture.call::<ListServerCertificateTags>(&caller, tags()).unwrap();
    assert_eq!(listed.tags.len(), 1);
    let untag = UntagServerCertificateInput {
        server_certificate_name: name(),
        tag_keys: vec!["team".to_owned()],
    };
    fixture.call::<UntagServerCertificate>(&caller, untag).unwrap();
    let denial = fixture.denial::<ListServerCertificateTags>(&caller, tags());
    assert!(denial.starts_with("AccessDenied: "), "{denial}");
}
