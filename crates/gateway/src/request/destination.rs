//! Which service, in which regions, a request is for.

use daypass_authz::Departures;
use daypass_model::Service;
use daypass_sigv4::{ExpectedScope, Regions};

use crate::request::host::name_of;
use crate::request::regions;

/// The service that a request is for, and the endpoint if the request names one of AWS's.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Destination {
    pub(crate) service: Service,
    /// The one region that credentials must be scoped to, at one of AWS's own endpoints.
    region: Option<&'static str>,
    /// Whether the endpoint is the one that STS had before it had regions.
    pub(crate) is_global: bool,
}

impl Destination {
    /// The place that a request is for. A host name of AWS's says it all. At any other address
    /// both services stand together: then the scope of the credential tells, and where there is
    /// none that helps, the version of the API.
    pub(crate) fn of(host: &str, scoped_to: Option<&str>, version: Option<&str>) -> Self {
        let find = |name: Option<&str>, of: fn(Service) -> &'static str| {
            Service::ALL.into_iter().find(|service| Some(of(*service)) == name)
        };
        aws_host(host).unwrap_or_else(|| Self {
            service: find(scoped_to, Service::signing_name)
                .or_else(|| find(version, Service::api_version))
                .unwrap_or(Service::Sts),
            region: None,
            is_global: false,
        })
    }

    /// The region of a request that names none: the endpoint's own, or the first that is served.
    pub(crate) fn region(self, served: &[&'static str]) -> &'static str {
        self.region.or_else(|| served.first().copied()).unwrap_or(regions::GLOBAL)
    }

    /// What credentials must be scoped to.
    pub(crate) fn expected_scope(
        self,
        departures: Departures,
        served: &'static [&'static str],
    ) -> ExpectedScope<'static> {
        let regions = match (self.region, self.service) {
            (Some(region), _) => Regions::Only(region),
            (None, Service::Iam) if !departures.iam_in_any_region => Regions::Only(regions::GLOBAL),
            (None, _) => Regions::AnyOf(served),
        };
        ExpectedScope { service: self.service.signing_name(), regions }
    }
}

/// Whether a host is one of AWS's that daypass answers for.
pub(crate) fn is_aws_host(host: &str) -> bool {
    aws_host(host).is_some()
}

/// The endpoints of AWS General Reference, "AWS STS endpoints and quotas" and "IAM endpoints and
/// quotas".
fn aws_host(host: &str) -> Option<Destination> {
    let host = name_of(host);
    if ends_with(host, SIGN_IN) {
        return sign_in_host(host);
    }
    if !SUFFIXES.iter().any(|suffix| ends_with(host, suffix)) {
        return None;
    }
    let host = host.to_ascii_lowercase();
    let name = SUFFIXES.iter().find_map(|suffix| host.strip_suffix(suffix))?;
    let (service, region) = match name.split_once('.').unwrap_or((name, "")) {
        ("sts", "") => (Service::Sts, regions::GLOBAL),
        ("sts" | "sts-fips", region) => (Service::Sts, regions::find(region)?),
        ("iam" | "iam-fips", "" | "global") => (Service::Iam, regions::GLOBAL),
        ("iam", "us-gov") => (Service::Iam, "us-gov-west-1"),
        ("iam", region) => (Service::Iam, regions::find(region)?),
        _ => return None,
    };
    Some(Destination { service, region: Some(region), is_global: name == "sts" })
}

/// The service that a host name of AWS's names, if it is neither STS nor IAM: the last part
/// that is no region, as in `bucket.s3.dualstack.eu-west-1.amazonaws.com`.
pub(crate) fn other_service(host: &str) -> Option<String> {
    let host = name_of(host).to_ascii_lowercase();
    let name = SUFFIXES.iter().find_map(|suffix| host.strip_suffix(suffix))?;
    if name.split('.').any(|part| matches!(part, "sts" | "sts-fips" | "iam" | "iam-fips")) {
        return None;
    }
    let is_service = |part: &&str| *part != "dualstack" && regions::find(part).is_none();
    name.rsplit('.').find(is_service).map(ToOwned::to_owned)
}

/// AWS's sign-in host, which asks the STS of its region (AWS General Reference, "AWS Sign-In endpoints
/// and quotas").
fn sign_in_host(host: &str) -> Option<Destination> {
    let name = host.get(..host.len().checked_sub(SIGN_IN.len())?)?.to_ascii_lowercase();
    let region = match name.strip_suffix('.') {
        None if name.is_empty() => regions::GLOBAL,
        None => return None,
        Some(region) => regions::find(region)?,
    };
    Some(Destination { service: Service::Sts, region: Some(region), is_global: false })
}

fn ends_with(host: &str, suffix: &str) -> bool {
    let start = host.len().checked_sub(suffix.len());
    let end = start.and_then(|start| host.get(start..));
    end.is_some_and(|end| end.eq_ignore_ascii_case(suffix))
}

const SIGN_IN: &str = "signin.aws.amazon.com";

/// The domains of the partitions, each with its dual-stack twin.
const SUFFIXES: [&str; 6] = [
    ".amazonaws.com",
    ".api.aws",
    ".amazonaws.com.cn",
    ".api.amazonwebservices.com.cn",
    ".amazonaws.eu",
    ".api.amazonwebservices.eu",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn aws_hosts_say_it_all() {
        let cases = [
            ("sts.amazonaws.com", Some((Service::Sts, "us-east-1"))),
            ("STS.AmazonAWS.com:443", Some((Service::Sts, "us-east-1"))),
            ("sts.amazonaws.com.", Some((Service::Sts, "us-east-1"))),
            ("sts.amazonaws.com.:443", Some((Service::Sts, "us-east-1"))),
            ("sts.amazonaws.com..", None),
            ("sts.eu-central-1.amazonaws.com", Some((Service::Sts, "eu-central-1"))),
            ("sts-fips.us-west-2.amazonaws.com", Some((Service::Sts, "us-west-2"))),
            ("sts.eu-west-1.api.aws", Some((Service::Sts, "eu-west-1"))),
            ("sts.cn-north-1.amazonaws.com.cn", Some((Service::Sts, "cn-north-1"))),
            ("sts.us-gov-west-1.amazonaws.com", Some((Service::Sts, "us-gov-west-1"))),
            ("sts.eusc-de-east-1.amazonaws.eu", Some((Service::Sts, "eusc-de-east-1"))),
            ("iam.amazonaws.com", Some((Service::Iam, "us-east-1"))),
            ("iam-fips.amazonaws.com", Some((Service::Iam, "us-east-1"))),
            ("iam.global.api.aws", Some((Service::Iam, "us-east-1"))),
            ("iam.us-gov.amazonaws.com", Some((Service::Iam, "us-gov-west-1"))),
            ("iam.cn-north-1.amazonaws.com.cn", Some((Service::Iam, "cn-north-1"))),
            ("signin.aws.amazon.com", Some((Service::Sts, "us-east-1"))),
            ("eu-west-1.signin.aws.amazon.com:443", Some((Service::Sts, "eu-west-1"))),
            ("mars-1.signin.aws.amazon.com", None),
            (".signin.aws.amazon.com", None),
            ("evilsignin.aws.amazon.com", None),
            ("sts.mars-1.amazonaws.com", None),
            ("s3.amazonaws.com", None),
            ("amazonaws.com", None),
            ("sts.amazonaws.com.example.org", None),
            ("evilsts.amazonaws.com", None),
            ("localhost:4566", None),
            ("[::1]:4566", None),
            ("127.0.0.1", None),
            ("é.amazonaws.com", None),
            ("", None),
        ];
        for (host, expected) in cases {
            let found = aws_host(host)
                .map(|destination| (destination.service, destination.region.unwrap()));
            assert_eq!(found, expected, "{host}");
            let is_global = aws_host(host).is_some_and(|destination| destination.is_global);
            let host = name_of(host).to_ascii_lowercase();
            assert_eq!(is_global, host == "sts.amazonaws.com" && expected.is_some());
        }
    }

    #[test]
    fn hosts_of_other_services() {
        let cases = [
            ("s3.amazonaws.com", Some("s3")),
            ("bucket.s3.dualstack.eu-west-1.amazonaws.com:443", Some("s3")),
            ("DynamoDB.us-east-1.amazonaws.com", Some("dynamodb")),
            ("123456789012.dkr.ecr.us-east-1.amazonaws.com", Some("ecr")),
            ("ec2.eu-central-1.api.aws", Some("ec2")),
            ("sts.amazonaws.com", None),
            ("sts.mars-1.amazonaws.com", None),
            ("iam.mars-1.amazonaws.com", None),
            ("us-east-1.amazonaws.com", None),
            ("bucket.s3.localhost.localstack.cloud:4566", None),
            ("localhost:4566", None),
            ("example.org", None),
            ("", None),
        ];
        for (host, expected) in cases {
            assert_eq!(other_service(host).as_deref(), expected, "{host}");
        }
    }

    #[test]
    fn elsewhere_the_scope_tells_and_then_the_version() {
        let cases = [
            (Some("iam"), Some("2011-06-15"), Service::Iam),
            (Some("sts"), Some("2010-05-08"), Service::Sts),
            (Some("s3"), Some("2010-05-08"), Service::Iam),
            (None, Some("2010-05-08"), Service::Iam),
            (None, Some("2011-06-15"), Service::Sts),
            (None, None, Service::Sts),
        ];
        for (scope, version, expected) in cases {
            let destination = Destination::of("localhost", scope, version);
            let expected = Destination { service: expected, region: None, is_global: false };
            assert_eq!(destination, expected, "{scope:?} {version:?}");
        }
        let destination = Destination::of("iam.amazonaws.com", Some("sts"), Some("2011-06-15"));
        assert_eq!(destination.service, Service::Iam);
    }

    #[test]
    fn regions_are_aws_own_or_all_of_them() {
        let regions = |host, service, departures| {
            Destination::of(host, Some(service), None)
                .expected_scope(departures, regions::REGIONS)
                .regions
        };
        let (strict, default) = (Departures::NONE, Departures::DEFAULT);
        assert_eq!(regions("sts.amazonaws.com", "sts", default), Regions::Only("us-east-1"));
        assert_eq!(regions("localhost", "sts", strict), Regions::AnyOf(regions::REGIONS));
        assert_eq!(regions("localhost", "iam", strict), Regions::Only("us-east-1"));
        assert_eq!(regions("localhost", "iam", default), Regions::AnyOf(regions::REGIONS));
        assert_eq!(regions("iam.amazonaws.com", "iam", default), Regions::Only("us-east-1"));
    }
}
