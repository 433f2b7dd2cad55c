//! The regions that a SigV4a signature is good for.

use std::borrow::Cow;

/// The region set of a SigV4a request: names of regions separated by commas, in which an asterisk stands for any
/// text (`us-east-1,eu-*`).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RegionSet<'a>(Cow<'a, str>);

impl<'a> RegionSet<'a> {
    pub(crate) fn new(list: Cow<'a, str>) -> Self {
        Self(list)
    }

    /// The set as it was sent.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The members, without the white space around them. A set has no more than 64; what follows is ignored.
    pub fn members(&self) -> impl Iterator<Item = &str> {
        self.0
            .split(',')
            .map(str::trim_ascii)
            .filter(|member| (1..=LONGEST_MEMBER).contains(&member.len()))
            .take(MOST_MEMBERS)
    }

    /// Whether the signature is good for a region.
    pub fn contains(&self, region: &str) -> bool {
        self.members().any(|member| covers(member, region))
    }

    /// The region that the request is for, of those that an endpoint serves: the first that the set names in full,
    /// or else the first served that one of its wildcards covers.
    pub(crate) fn choose<'r>(&self, served: &[&'r str]) -> Option<&'r str> {
        let find = |is: &dyn Fn(&str) -> bool| served.iter().copied().find(|region| is(region));
        self.members()
            .find_map(|member| find(&|region| region == member))
            .or_else(|| find(&|region| self.contains(region)))
    }
}

/// Whether the region is the member, where each asterisk of the member stands for any text, even none.
fn covers(member: &str, region: &str) -> bool {
    let mut texts = member.split('*');
    let Some(rest) = texts.next().and_then(|start| region.strip_prefix(start)) else {
        return false;
    };
    let Some(end) = texts.next_back() else {
        return rest.is_empty();
    };
    let Some(mut rest) = rest.strip_suffix(end) else {
        return false;
    };
    // The leftmost place is the best for each: it leaves the most for those after it.
    texts.all(|text| match rest.split_once(text) {
        Some((_, after)) => {
            rest = after;
            true
        }
        None => false,
    })
}

/// AWS has fewer regions.
const MOST_MEMBERS: usize = 64;
/// Much longer than the name of any region.
const LONGEST_MEMBER: usize = 64;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn members_and_wildcards() {
        for (set, region, expected) in [
            ("us-east-1", "us-east-1", true),
            ("us-east-1", "us-east-2", false),
            ("us-east-1", "us-east-11", false),
            ("us-east-11", "us-east-1", false),
            ("us-east-1,us-west-2", "us-west-2", true),
            (" us-east-1 ,\tus-west-2", "us-west-2", true),
            (",,us-west-2,", "us-west-2", true),
            ("US-WEST-2", "us-west-2", false),
            ("*", "us-west-2", true),
            ("**", "us-west-2", true),
            ("us-west-*", "us-west-2", true),
            ("us-west-*", "us-east-1", false),
            ("us-west-2*", "us-west-2", true),
            ("*-1", "eu-west-1", true),
            ("*-1", "eu-west-2", false),
            ("us-*-1", "us-gov-east-1", true),
            ("*-east-*", "us-gov-east-1", true),
            ("*-east-*", "us-west-1", false),
            ("*west*west*", "us-west-1", false),
            ("us-east-1*1", "us-east-1", false),
            ("us-?ast-1", "us-east-1", false),
            ("", "us-east-1", false),
            (",", "", false),
            ("us east 1", "us-east-1", false),
            ("\u{e9}*", "us-east-1", false),
        ] {
            let found = RegionSet::new(set.into()).contains(region);
            assert_eq!(found, expected, "{set:?} {region:?}");
        }
    }

    #[test]
    fn a_set_is_not_endless() {
        let long = |count: usize| format!("{}us-east-1", "x,".repeat(count));
        assert!(RegionSet::new(long(MOST_MEMBERS - 1).into()).contains("us-east-1"));
        assert!(!RegionSet::new(long(MOST_MEMBERS).into()).contains("us-east-1"));
        assert!(RegionSet::new("*".repeat(LONGEST_MEMBER).into()).contains("us-east-1"));
        assert!(!RegionSet::new("*".repeat(LONGEST_MEMBER + 1).into()).contains("us-east-1"));
    }

    #[test]
    fn the_region_of_a_request() {
        let served = ["us-east-1", "eu-west-1", "eu-central-1"];
        for (set, expected) in [
            ("eu-central-1", Some("eu-central-1")),
            ("eu-central-1,us-east-1", Some("eu-central-1")),
            ("*,eu-central-1", Some("eu-central-1")),
            ("mars-1,eu-west-1", Some("eu-west-1")),
            ("*", Some("us-east-1")),
            ("mars-1,eu-*", Some("eu-west-1")),
            ("mars-*", None),
            ("", None),
        ] {
            assert_eq!(RegionSet::new(set.into()).choose(&served), expected, "{set}");
        }
    }
}
