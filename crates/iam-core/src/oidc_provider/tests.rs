use aws_smithy_types::DateTime;
use daypass_authz::Departures;
use daypass_federation::oidc::{Chain, Fetch, FetchError, Fetched, Fetching, Thumbprint};
use daypass_model::iam::*;

use crate::generated::*;
use crate::testing::{Fixture, NOW};

const URL: &str = "https://id.example.com/team";
const ARN: &str = "arn:aws:iam::000000000000:oidc-provider/id.example.com/team";
const GONE: &str = "arn:aws:iam::000000000000:oidc-provider/gone.example.com";

fn of_url(url: &str) -> CreateOpenIdConnectProviderInput {
    CreateOpenIdConnectProviderInput { url: url.to_owned(), ..Default::default() }
}

fn with_client_ids(ids: impl Iterator<Item = String>) -> CreateOpenIdConnectProviderInput {
    CreateOpenIdConnectProviderInput { client_id_list: Some(ids.collect()), ..of_url(URL) }
}

fn get(arn: &str) -> GetOpenIdConnectProviderInput {
    GetOpenIdConnectProviderInput { open_id_connect_provider_arn: arn.to_owned() }
}

fn add(arn: &str, client_id: &str) -> AddClientIdToOpenIdConnectProviderInput {
    AddClientIdToOpenIdConnectProviderInput {
        open_id_connect_provider_arn: arn.to_owned(),
        client_id: client_id.to_owned(),
    }
}

fn remove(arn: &str, client_id: &str) -> RemoveClientIdFromOpenIdConnectProviderInput {
    RemoveClientIdFromOpenIdConnectProviderInput {
        open_id_connect_provider_arn: arn.to_owned(),
        client_id: client_id.to_owned(),
    }
}

fn update(arn: &str, thumbprints: &[String]) -> UpdateOpenIdConnectProviderThumbprintInput {
    UpdateOpenIdConnectProviderThumbprintInput {
        open_id_connect_provider_arn: arn.to_owned(),
        thumbprint_list: thumbprints.to_vec(),
    }
}

fn delete(arn: &str) -> DeleteOpenIdConnectProviderInput {
    DeleteOpenIdConnectProviderInput { open_id_connect_provider_arn: arn.to_owned() }
}

fn tag_with(arn: &str, tags: Vec<Tag>) -> TagOpenIdConnectProviderInput {
    TagOpenIdConnectProviderInput { open_id_connect_provider_arn: arn.to_owned(), tags }
}

fn untag(arn: &str, keys: &[&str]) -> UntagOpenIdConnectProviderInput {
    UntagOpenIdConnectProviderInput {
        open_id_connect_provider_arn: arn.to_owned(),
        tag_keys: keys.iter().map(|key| (*key).to_owned()).collect(),
    }
}

fn list_tags(arn: &str) -> ListOpenIdConnectProviderTagsInput {
    ListOpenIdConnectProviderTagsInput {
        open_id_connect_provider_arn: arn.to_owned(),
        ..Default::default()
    }
}

fn tag(key: &str, value: &str) -> Tag {
    Tag { key: key.to_owned(), value: value.to_owned() }
}

fn thumbprint(digit: char) -> String {
    digit.to_string().repeat(40)
}

fn client_ids(fixture: &Fixture) -> Vec<String> {
    fixture.ok::<GetOpenIdConnectProvider>(get(ARN)).client_id_list.unwrap()
}

#[test]
fn a_provider_is_made_as_asked() {
    let fixture = Fixture::new();
    let made = fixture.ok::<CreateOpenIdConnectProvider>(CreateOpenIdConnectProviderInput {
        client_id_list: Some(["b", "a", "b"].map(str::to_owned).to_vec()),
        thumbprint_list: Some(vec![thumbprint('A'), thumbprint('z')]),
        tags: Some(vec![tag("team", "b"), tag("Team", "a")]),
        ..of_url(URL)
    });
    assert_eq!(made.open_id_connect_provider_arn.as_deref(), Some(ARN));
    assert_eq!(made.tags.unwrap(), [tag("Team", "a"), tag("team", "b")]);

    let found = fixture.ok::<GetOpenIdConnectProvider>(get(ARN));
    let expected = GetOpenIdConnectProviderOutput {
        url: Some("id.example.com/team".to_owned()),
        client_id_list: Some(vec!["b".to_owned(), "a".to_owned()]),
        thumbprint_list: Some(vec![thumbprint('a'), thumbprint('z')]),
        create_date: Some(DateTime::from_secs(NOW)),
        tags: Some(vec![tag("Team", "a"), tag("team", "b")]),
    };
    assert_eq!(found, expected);
}

#[test]
fn what_is_not_given_is_empty() {
    let fixture = Fixture::new();
    let made = fixture.ok::<CreateOpenIdConnectProvider>(of_url(URL));
    assert_eq!(made.tags, None);
    let found = fixture.ok::<GetOpenIdConnectProvider>(get(ARN));
    assert_eq!(found.client_id_list, Some(Vec::new()));
    assert_eq!(found.thumbprint_list, Some(Vec::new()));
    assert_eq!(found.tags, Some(Vec::new()));
}

/// A network of one server, whose chain of certificates ends with `TOP`.
#[derive(Debug)]
struct OneServer;

impl Fetch for OneServer {
    fn get<'a>(&'a self, url: &'a str, _: usize) -> Fetching<'a> {
        let chain = Chain { trusted: false, top: Thumbprint::of_certificate(b"abc") };
        let answers = url == "https://id.example.com/team/.well-known/openid-configuration";
        let fetched = Fetched { body: Vec::new(), chain: Some(chain) };
        Box::pin(std::future::ready(answers.then_some(fetched).ok_or(FetchError::Unreachable)))
    }
}

/// SHA-1 of "abc" (FIPS 180-4).
const TOP: &str = "a9993e364706816aba3e25717850c26c9cd0d89d";

#[test]
fn an_issuer_shows_the_thumbprint_that_is_not_given() {
    let gone = "https://gone.example.com";
    let silent = "OpenIdIdpCommunicationError: The identity provider https://gone.example.com does \
                  not answer, or its certificate is not valid.";
    let scheme =
        "InvalidInput: Invalid Open ID Connect Provider URL. The URL must begin with https://.";
    let given = thumbprint('1');
    for (url, list, outcome) in [
        (URL, None, Ok(vec![TOP.to_owned()])),
        (URL, Some(Vec::new()), Ok(vec![TOP.to_owned()])),
        (URL, Some(vec![given.clone()]), Ok(vec![given.clone()])),
        (gone, Some(vec![given.clone()]), Ok(vec![given])),
        (gone, None, Err(silent)),
        ("http://gone.example.com", None, Err(scheme)),
    ] {
        let fixture = Fixture::with_network(OneServer, Departures::NONE);
        let input = CreateOpenIdConnectProviderInput { thumbprint_list: list, ..of_url(url) };
        match outcome {
            Ok(list) => {
                let made = fixture.ok::<CreateOpenIdConnectProvider>(input);
                let arn = made.open_id_connect_provider_arn.unwrap();
                let found = fixture.ok::<GetOpenIdConnectProvider>(get(&arn));
                assert_eq!(found.thumbprint_list, Some(list), "{url}");
            }
            Err(refusal) => {
                assert_eq!(fixture.refusal::<CreateOpenIdConnectProvider>(input), refusal);
            }
        }
    }
    // On somebody's own machine nobody is asked.
    let fixture = Fixture::with_network(OneServer, Departures::DEFAULT);
    fixture.ok::<CreateOpenIdConnectProvider>(of_url(URL));
    let found = fixture.ok::<GetOpenIdConnectProvider>(get(ARN));
    assert_eq!(found.thumbprint_list, Some(Vec::new()));
}

#[test]
fn what_cannot_be_made_is_refused() {
    let fixture = Fixture::new();
    let six = Some(('1'..='6').map(thumbprint).collect());
    for (input, refusal) in [
        (
            of_url("http://localhost:8080"),
            "InvalidInput: Invalid Open ID Connect Provider URL. The URL must begin with https://.",
        ),
        (
            CreateOpenIdConnectProviderInput { thumbprint_list: six, ..of_url(URL) },
            "InvalidInput: Thumbprint list must contain fewer than 5 entries.",
        ),
        (
            with_client_ids((0..101).map(|n| n.to_string())),
            "LimitExceeded: Cannot exceed quota for ClientIdsPerOpenIdConnectProvider: 100",
        ),
        (
            CreateOpenIdConnectProviderInput {
                tags: Some(vec![tag("a", "1"), tag("a", "2")]),
                ..of_url(URL)
            },
            "InvalidInput: Duplicate tag keys found.",
        ),
    ] {
        assert_eq!(fixture.refusal::<CreateOpenIdConnectProvider>(input), refusal);
    }

    fixture.ok::<CreateOpenIdConnectProvider>(of_url(URL));
    let refusal = fixture.refusal::<CreateOpenIdConnectProvider>(of_url(URL));
    assert_eq!(refusal, format!("EntityAlreadyExists: Provider with url {URL} already exists."));
}

#[test]
fn an_account_does_not_trust_its_own_issuer() {
    let fixture = Fixture::with_departures(Departures::DEFAULT);
    let enabled = fixture.ok::<EnableOutboundWebIdentityFederation>(Default::default());
    assert_eq!(
        fixture.refusal::<CreateOpenIdConnectProvider>(of_url(&enabled.issuer_identifier.unwrap())),
        "InvalidInput: Invalid Open ID Connect Provider URL. An account does not trust its own \
         token issuer."
    );
}

/// Another provider: a slash at the end, another case.
#[test]
fn a_provider_is_known_by_its_exact_url() {
    let fixture = Fixture::new();
    for url in [URL, "https://id.example.com/team/", "https://id.example.com/Team"] {
        fixture.ok::<CreateOpenIdConnectProvider>(of_url(url));
    }
    let listed = fixture.ok::<ListOpenIdConnectProviders>(ListOpenIdConnectProvidersInput {});
    let arns: Vec<_> = listed.open_id_connect_provider_list.unwrap();
    let arns: Vec<_> = arns.into_iter().map(|entry| entry.arn.unwrap()).collect();
    let expected = ["Team", "team", "team/"].map(|rest| ARN.replace("/team", &format!("/{rest}")));
    assert_eq!(arns, expected);
    let summary = fixture.ok::<GetAccountSummary>(GetAccountSummaryInput {});
    assert_eq!(summary.summary_map.unwrap()["Providers"], 3);
}

#[test]
fn an_account_has_a_hundred_providers() {
    let fixture = Fixture::new();
    for number in 0..100 {
        let url = format!("https://{number}.example.com");
        fixture.ok::<CreateOpenIdConnectProvider>(of_url(&url));
    }
    assert_eq!(
        fixture.refusal::<CreateOpenIdConnectProvider>(of_url(URL)),
        "LimitExceeded: Cannot exceed quota for OpenIdConnectProvidersPerAccount: 100"
    );
}

#[test]
fn issuers_on_loopback_are_let_in_where_daypass_departs_from_aws() {
    let fixture = Fixture::with_departures(Departures::DEFAULT);
    let made = fixture.ok::<CreateOpenIdConnectProvider>(of_url("http://localhost:8080/idp"));
    let arn = made.open_id_connect_provider_arn.unwrap();
    assert_eq!(arn, "arn:aws:iam::000000000000:oidc-provider/localhost:8080/idp");
    let found = fixture.ok::<GetOpenIdConnectProvider>(get(&arn));
    assert_eq!(found.url.as_deref(), Some("localhost:8080/idp"));
    assert_eq!(
        fixture.refusal::<CreateOpenIdConnectProvider>(of_url("https://localhost:8080/idp")),
        "EntityAlreadyExists: Provider with url https://localhost:8080/idp already exists."
    );
    fixture.ok::<DeleteOpenIdConnectProvider>(delete(&arn));
}

#[test]
fn client_ids_come_and_go() {
    let fixture = Fixture::new();
    fixture.ok::<CreateOpenIdConnectProvider>(of_url(URL));
    for client_id in ["sts.amazonaws.com", "app", "app"] {
        fixture.ok::<AddClientIdToOpenIdConnectProvider>(add(ARN, client_id));
    }
    assert_eq!(client_ids(&fixture), ["sts.amazonaws.com", "app"]);
    for client_id in ["app", "app", "App", "never there"] {
        fixture.ok::<RemoveClientIdFromOpenIdConnectProvider>(remove(ARN, client_id));
    }
    assert_eq!(client_ids(&fixture), ["sts.amazonaws.com"]);
}

#[test]
fn a_provider_has_a_hundred_client_ids() {
    let fixture = Fixture::new();
    let hundred = with_client_ids((0..100).map(|n| n.to_string()));
    fixture.ok::<CreateOpenIdConnectProvider>(hundred);
    fixture.ok::<AddClientIdToOpenIdConnectProvider>(add(ARN, "99"));
    assert_eq!(
        fixture.refusal::<AddClientIdToOpenIdConnectProvider>(add(ARN, "one more")),
        "LimitExceeded: Cannot exceed quota for ClientIdsPerOpenIdConnectProvider: 100"
    );
}

#[test]
fn new_thumbprints_take_the_place_of_all_the_old_ones() {
    let fixture = Fixture::new();
    let old = Some(vec![thumbprint('1'), thumbprint('2')]);
    let input = CreateOpenIdConnectProviderInput { thumbprint_list: old, ..of_url(URL) };
    fixture.ok::<CreateOpenIdConnectProvider>(input);
    let new: Vec<_> = ('A'..='E').map(thumbprint).collect();
    fixture.ok::<UpdateOpenIdConnectProviderThumbprint>(update(ARN, &new));
    let found = fixture.ok::<GetOpenIdConnectProvider>(get(ARN)).thumbprint_list.unwrap();
    assert_eq!(found, ('a'..='e').map(thumbprint).collect::<Vec<_>>());

    let six: Vec<_> = ('1'..='6').map(thumbprint).collect();
    for (list, refusal) in [
        (&*six, "InvalidInput: Thumbprint list must contain fewer than 5 entries."),
        (&[], "InvalidInput: Thumbprint list must contain at least one entry."),
    ] {
        let update = update(ARN, list);
        assert_eq!(fixture.refusal::<UpdateOpenIdConnectProviderThumbprint>(update), refusal);
    }
}

#[test]
fn tags_come_and_go() {
    let fixture = Fixture::new();
    fixture.ok::<CreateOpenIdConnectProvider>(of_url(URL));
    let given = vec![tag("b", "1"), tag("B", "2"), tag("a", "3")];
    fixture.ok::<TagOpenIdConnectProvider>(tag_with(ARN, given));
    fixture.ok::<TagOpenIdConnectProvider>(tag_with(ARN, vec![tag("a", "4")]));
    fixture.ok::<UntagOpenIdConnectProvider>(untag(ARN, &["b", "never there"]));
    let listed = fixture.ok::<ListOpenIdConnectProviderTags>(list_tags(ARN));
    assert_eq!(listed.tags, [tag("B", "2"), tag("a", "4")]);
    assert_eq!((listed.is_truncated, listed.marker), (Some(false), None));
    let first = ListOpenIdConnectProviderTagsInput { max_items: Some(1), ..list_tags(ARN) };
    let first = fixture.ok::<ListOpenIdConnectProviderTags>(first);
    assert_eq!((first.tags.len(), first.is_truncated), (1, Some(true)));
    let next = ListOpenIdConnectProviderTagsInput { marker: first.marker, ..list_tags(ARN) };
    assert_eq!(fixture.ok::<ListOpenIdConnectProviderTags>(next).tags, [tag("a", "4")]);
}

#[test]
fn deleting_a_provider_asks_for_nothing_and_may_be_repeated() {
    let fixture = Fixture::new();
    fixture.ok::<CreateOpenIdConnectProvider>(of_url(URL));
    for _ in 0..2 {
        fixture.ok::<DeleteOpenIdConnectProvider>(delete(ARN));
        let refusal = fixture.refusal::<GetOpenIdConnectProvider>(get(ARN));
        assert_eq!(
            refusal,
            format!("NoSuchEntity: OpenIDConnect Provider not found for arn {ARN}")
        );
    }
    fixture.ok::<CreateOpenIdConnectProvider>(of_url(URL));
}

#[test]
fn a_provider_that_is_not_there_is_named_by_its_arn() {
    let fixture = Fixture::new();
    let refusals = [
        fixture.refusal::<GetOpenIdConnectProvider>(get(GONE)),
        fixture.refusal::<AddClientIdToOpenIdConnectProvider>(add(GONE, "app")),
        fixture.refusal::<RemoveClientIdFromOpenIdConnectProvider>(remove(GONE, "app")),
        fixture.refusal::<UpdateOpenIdConnectProviderThumbprint>(update(GONE, &[thumbprint('1')])),
        fixture.refusal::<TagOpenIdConnectProvider>(tag_with(GONE, vec![tag("a", "1")])),
        fixture.refusal::<UntagOpenIdConnectProvider>(untag(GONE, &["a"])),
        fixture.refusal::<ListOpenIdConnectProviderTags>(list_tags(GONE)),
    ];
    for refusal in refusals {
        assert_eq!(
            refusal,
            format!("NoSuchEntity: OpenIDConnect Provider not found for arn {GONE}")
        );
    }
}

#[test]
fn what_is_no_arn_of_a_provider_is_refused() {
    let fixture = Fixture::new();
    let nobody = fixture.user("nobody", None);
    for (arn, refusal) in [
        ("oidc-provider/id.example.com", "ValidationError: Invalid ARN:  Could not be parsed!"),
        (
            "arn:aws-cn:iam::000000000000:oidc-provider/id.example.com",
            "ValidationError: Invalid ARN partition",
        ),
        (
            "arn:aws:iam::000000000000:role/id.example.com",
            "ValidationError: Invalid resource type in ARN",
        ),
        (
            "arn:aws:iam::000000000000:oidc-provider",
            "ValidationError: Invalid resource type in ARN",
        ),
        ("arn:aws:iam::000000000000:oidc-provider/", "ValidationError: Invalid ARN"),
        (
            "arn:aws:sts::000000000000:oidc-provider/id.example.com",
            "ValidationError: Invalid service in ARN",
        ),
    ] {
        assert_eq!(fixture.refusal::<GetOpenIdConnectProvider>(get(arn)), refusal);
        assert_eq!(fixture.denial::<DeleteOpenIdConnectProvider>(&nobody, delete(arn)), refusal);
    }
}

#[test]
fn policies_see_the_provider_and_its_tags() {
    let fixture = Fixture::new();
    let input =
        CreateOpenIdConnectProviderInput { tags: Some(vec![tag("stage", "test")]), ..of_url(URL) };
    let creator = fixture.user_allowed("creator", "iam:CreateOpenIDConnectProvider", ARN);
    assert_eq!(
        fixture.denial::<CreateOpenIdConnectProvider>(&creator, input.clone()),
        format!(
            "AccessDenied: User: arn:aws:iam::000000000000:user/creator is not authorized to \
             perform: iam:TagOpenIDConnectProvider on resource: {ARN} because no identity-based \
             policy allows the iam:TagOpenIDConnectProvider action"
        )
    );
    fixture.call::<CreateOpenIdConnectProvider>(&creator, of_url(URL)).unwrap();

    let condition = r#"{"StringEquals": {"aws:ResourceTag/stage": "test"}}"#;
    let document = format!(
        r#"{{"Version": "2012-10-17", "Statement": {{"Effect": "Allow",
            "Action": "iam:GetOpenIDConnectProvider", "Resource": "*", "Condition": {condition}}}}}"#
    );
    let reader = fixture.user("reader", Some(&document));
    fixture.call::<GetOpenIdConnectProvider>(&reader, get(ARN)).unwrap_err();
    fixture.ok::<TagOpenIdConnectProvider>(tag_with(ARN, vec![tag("stage", "test")]));
    fixture.call::<GetOpenIdConnectProvider>(&reader, get(ARN)).unwrap();
}
