use daypass_model::iam::*;

use crate::generated::*;
use crate::testing::Fixture;

/// How AWS names what a caller may not touch, for each form of name.
#[test]
fn denials_name_resources_as_aws_does() {
    let fixture = Fixture::new();
    let nobody = &fixture.user("nobody", None);
    let account = "arn:aws:iam::000000000000:";
    let cases = [
        (
            fixture.denial::<GetInstanceProfile>(
                nobody,
                GetInstanceProfileInput { instance_profile_name: "web".to_owned() },
            ),
            "iam:GetInstanceProfile on resource: instance profile web".to_owned(),
        ),
        (
            fixture.denial::<CreateInstanceProfile>(
                nobody,
                CreateInstanceProfileInput {
                    instance_profile_name: "web".to_owned(),
                    path: Some("/ops/".to_owned()),
                    ..Default::default()
                },
            ),
            format!("iam:CreateInstanceProfile on resource: {account}instance-profile/ops/web"),
        ),
        (
            fixture.denial::<ListServerCertificates>(
                nobody,
                ListServerCertificatesInput {
                    path_prefix: Some("/cloudfront/".to_owned()),
                    ..Default::default()
                },
            ),
            format!(
                "iam:ListServerCertificates on resource: {account}server-certificate/cloudfront/"
            ),
        ),
        (
            fixture.denial::<DeleteServerCertificate>(
                nobody,
                DeleteServerCertificateInput { server_certificate_name: "shop".to_owned() },
            ),
            "iam:DeleteServerCertificate on resource: server certificate shop".to_owned(),
        ),
        (
            fixture.denial::<ListVirtualMfaDevices>(nobody, ListVirtualMfaDevicesInput::default()),
            format!("iam:ListVirtualMFADevices on resource: {account}mfa/"),
        ),
        (
            fixture.denial::<ListMfaDevices>(nobody, ListMfaDevicesInput::default()),
            "iam:ListMFADevices on resource: *".to_owned(),
        ),
        (
            fixture.denial::<DeleteVirtualMfaDevice>(
                nobody,
                DeleteVirtualMfaDeviceInput { serial_number: format!("{account}mfa/ops/anna") },
            ),
            format!("iam:DeleteVirtualMFADevice on resource: {account}mfa/ops/anna"),
        ),
        (
            fixture.denial::<TagMfaDevice>(
                nobody,
                TagMfaDeviceInput { serial_number: "GAHT12345678".to_owned(), tags: Vec::new() },
            ),
            format!("iam:TagMFADevice on resource: {account}mfa/GAHT12345678"),
        ),
        (
            fixture
                .denial::<ListSigningCertificates>(nobody, ListSigningCertificatesInput::default()),
            "iam:ListSigningCertificates on resource: user nobody".to_owned(),
        ),
        (
            fixture.denial::<CreateOpenIdConnectProvider>(
                nobody,
                CreateOpenIdConnectProviderInput {
                    url: "https://id.example.com/eu".to_owned(),
                    ..Default::default()
                },
            ),
            format!(
                "iam:CreateOpenIDConnectProvider on resource: \
                 {account}oidc-provider/id.example.com/eu"
            ),
        ),
        (
            fixture.denial::<CreateServiceLinkedRole>(
                nobody,
                CreateServiceLinkedRoleInput {
                    aws_service_name: "elasticloadbalancing.amazonaws.com".to_owned(),
                    ..Default::default()
                },
            ),
            format!(
                "iam:CreateServiceLinkedRole on resource: {account}role/aws-service-role/\
                 elasticloadbalancing.amazonaws.com/AWSServiceRoleForElasticLoadBalancing"
            ),
        ),
    ];
    for (denial, expected) in cases {
        let (_, told) = denial.split_once("is not authorized to perform: ").unwrap();
        let action = expected.split_once(' ').unwrap().0;
        let because = format!("because no identity-based policy allows the {action} action");
        assert_eq!(told, format!("{expected} {because}"));
    }
}

/// Whoever runs with the profile acts as the role, so that the right to the profile is not enough.
#[test]
fn to_add_a_role_to_a_profile_is_to_pass_it_to_ec2() {
    let fixture = Fixture::new();
    let add = || AddRoleToInstanceProfileInput {
        instance_profile_name: "web".to_owned(),
        role_name: "admin".to_owned(),
    };
    let profile =
        r#"{"Effect": "Allow", "Action": "iam:AddRoleToInstanceProfile", "Resource": "*"}"#;
    let caller = fixture.user("adds", Some(&policy(profile)));
    let denial = fixture.denial::<AddRoleToInstanceProfile>(&caller, add());
    let pass = "iam:PassRole on resource: arn:aws:iam::000000000000:role/admin because";
    assert!(denial.contains(pass), "{denial}");

    for (service, may) in [("lambda.amazonaws.com", false), ("ec2.amazonaws.com", true)] {
        let pass = format!(
            r#"{{"Effect": "Allow", "Action": "iam:PassRole", "Resource": "*",
                "Condition": {{"StringEquals": {{"iam:PassedToService": "{service}"}}}}}}"#
        );
        let name = service.replace('.', "-");
        let caller = fixture.user(&name, Some(&policy(&format!("{profile}, {pass}"))));
        assert_eq!(fixture.denial::<AddRoleToInstanceProfile>(&caller, add()).is_empty(), may);
    }
}

/// `iam:ResourceTag` is of users and roles; `aws:ResourceTag` is of whatever has tags.
#[test]
fn tags_are_shown_under_the_names_that_aws_has_for_them() {
    let fixture = Fixture::new();
    let tags = || Some(vec![Tag { key: "stage".to_owned(), value: "test".to_owned() }]);
    let made = fixture.ok::<CreatePolicy>(CreatePolicyInput {
        policy_name: "P".to_owned(),
        policy_document: policy(r#"{"Effect": "Deny", "Action": "*", "Resource": "*"}"#),
        tags: tags(),
        ..Default::default()
    });
    let arn = made.policy.unwrap().arn.unwrap();
    fixture.ok::<CreateUser>(CreateUserInput {
        user_name: "tagged".to_owned(),
        tags: tags(),
        ..Default::default()
    });
    for (key, of_policy, of_user) in [("iam", false, true), ("aws", true, true)] {
        let caller = fixture.user(
            key,
            Some(&policy(&format!(
                r#"{{"Effect": "Allow", "Action": "iam:Get*", "Resource": "*",
                "Condition": {{"StringEquals": {{"{key}:ResourceTag/stage": "test"}}}}}}"#
            ))),
        );
        let get = GetPolicyInput { policy_arn: arn.clone() };
        assert_eq!(fixture.denial::<GetPolicy>(&caller, get).is_empty(), of_policy, "{key}");
        let get = GetUserInput { user_name: Some("tagged".to_owned()) };
        assert_eq!(fixture.denial::<GetUser>(&caller, get).is_empty(), of_user, "{key}");
        let by_arn = GenerateServiceLastAccessedDetailsInput {
            arn: "arn:aws:iam::000000000000:user/tagged".to_owned(),
            granularity: None,
        };
        let generate = policy(&format!(
            r#"{{"Effect": "Allow", "Action": "iam:Generate*", "Resource": "*",
                "Condition": {{"StringEquals": {{"{key}:ResourceTag/stage": "test"}}}}}}"#
        ));
        let caller = fixture.user(&format!("{key}-report"), Some(&generate));
        let denial = fixture.denial::<GenerateServiceLastAccessedDetails>(&caller, by_arn);
        assert_eq!(denial, "", "{key}");
    }
}

/// Who may change a role can be tied to the boundary that the role has.
#[test]
fn what_is_done_to_a_role_is_tied_to_its_boundary() {
    let fixture = Fixture::new();
    let boundary = "arn:aws:iam::aws:policy/ReadOnlyAccess";
    for (name, boundary) in [("bounded", Some(boundary.to_owned())), ("free", None)] {
        fixture.ok::<CreateRole>(CreateRoleInput {
            role_name: name.to_owned(),
            assume_role_policy_document: policy(
                r#"{"Effect": "Allow", "Principal": {"Service": "ec2.amazonaws.com"},
                    "Action": "sts:AssumeRole"}"#,
            ),
            permissions_boundary: boundary,
            ..Default::default()
        });
    }
    let caller = fixture.user(
        "warden",
        Some(&policy(&format!(
            r#"{{"Effect": "Allow", "Action": "iam:*", "Resource": "*",
            "Condition": {{"StringEquals": {{"iam:PermissionsBoundary": "{boundary}"}}}}}}"#
        ))),
    );
    for (name, may) in [("bounded", true), ("free", false)] {
        let role_name = || name.to_owned();
        let denials = [
            fixture.denial::<DeleteRole>(&caller, DeleteRoleInput { role_name: role_name() }),
            fixture.denial::<GetRole>(&caller, GetRoleInput { role_name: role_name() }),
            fixture.denial::<UpdateRole>(
                &caller,
                UpdateRoleInput { role_name: role_name(), ..Default::default() },
            ),
            fixture.denial::<UpdateRoleDescription>(
                &caller,
                UpdateRoleDescriptionInput { role_name: role_name(), ..Default::default() },
            ),
            fixture.denial::<UpdateAssumeRolePolicy>(
                &caller,
                UpdateAssumeRolePolicyInput { role_name: role_name(), ..Default::default() },
            ),
        ];
        for denial in denials {
            assert_eq!(denial.is_empty(), may, "{name}: {denial}");
        }
    }
}

#[test]
fn what_cannot_be_made_out_is_refused_before_anybody_is_asked() {
    let fixture = Fixture::new();
    let nobody = &fixture.user("nobody", None);
    let provider = DeleteSamlProviderInput { saml_provider_arn: "no arn of a provider".to_owned() };
    assert_eq!(
        fixture.denial::<DeleteSamlProvider>(nobody, provider),
        "ValidationError: Invalid ARN:  Could not be parsed!"
    );
    let task = GetServiceLinkedRoleDeletionStatusInput { deletion_task_id: "task/1".to_owned() };
    assert_eq!(
        fixture.denial::<GetServiceLinkedRoleDeletionStatus>(nobody, task),
        "InvalidInput: Deletion task task/1 is not valid."
    );
}

fn policy(statements: &str) -> String {
    format!(r#"{{"Version": "2012-10-17", "Statement": [{statements}]}}"#)
}
