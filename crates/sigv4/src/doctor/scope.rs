//! Mistakes in date, region and service.

use super::{
    Hypotheses,
    draft::Draft,
    mistake::MistakeKind::{DateMixUp, LocalTime, Region, ScopeDate, Service},
    seen::{Seen, trimmed},
};
use crate::{ExpectedScope, Regions, Timestamp};

pub(super) fn suppose<'a>(seen: &Seen<'a>, expected: &ExpectedScope<'a>, all: &mut Hypotheses<'a>) {
    suppose_times(seen, all);
    suppose_dates(seen, all);
    let [_, region, service, _] = seen.scope;
    let known = match expected.regions {
        Regions::Only(only) => only,
        Regions::AnyOf(_) => "us-east-1",
    };
    let regions = [known, "us-east-1", "eu-west-1", "us-west-2", "eu-central-1", "aws-global"];
    let services =
        [expected.service, "sts", "iam", "s3", "execute-api", "ec2", "lambda", "dynamodb"];
    suppose_parts(REGION, region, &regions, all);
    suppose_parts(SERVICE, service, &services, all);
}

/// The string to sign with another time than AWS reads.
fn suppose_times<'a>(seen: &Seen<'a>, all: &mut Hypotheses<'a>) {
    for name in ["date", "x-amz-date"] {
        let Some(raw) = seen.value(name, trimmed) else { continue };
        let advice = format!(
            "the string to sign has the time of the header `{name}`; AWS takes it from `X-Amz-Date`, and from `Date` \
             only where there is no other"
        );
        if let Some(time) = std::str::from_utf8(&raw).ok().and_then(Timestamp::parse) {
            let (time, day) = (time.basic().to_vec(), time.date().into_bytes());
            let only_time = time.clone();
            all.likely(DateMixUp, "time", advice, move |draft| draft.time.clone_from(&only_time));
            all.likely(
                DateMixUp,
                "time",
                format!("time and date of the signature are those of the header `{name}`; AWS reads `X-Amz-Date` first"),
                move |draft| {
                    draft.time.clone_from(&time);
                    draft.set_both(DATE, &day);
                },
            );
        }
        let advice = format!(
            "the string to sign has the text of the header `{name}` for its time; write it as `YYYYMMDDTHHMMSSZ`"
        );
        all.likely(DateMixUp, "time", advice, move |draft| draft.time.clone_from(&raw));
    }
    let extended = extended(seen.signed_at);
    all.unlikely(
        DateMixUp,
        "time",
        "the string to sign has its time in the extended form; write it as `YYYYMMDDTHHMMSSZ`",
        move |draft| draft.time.clone_from(&extended),
    );
    for hours in (-12..=14_i64).filter(|hours| *hours != 0) {
        let local = seen.signed_at.offset(hours * 3_600).basic().to_vec();
        let advice = format!(
            "the string to sign has local time ({}) and the request UTC; use UTC throughout",
            zone(hours * 3_600)
        );
        all.unlikely(LocalTime, "time", advice, move |draft| {
            draft.time.clone_from(&local);
        });
    }
}

fn suppose_dates<'a>(seen: &Seen<'a>, all: &mut Hypotheses<'a>) {
    for (days, word) in [(-1, "before"), (1, "after")] {
        let day = seen.signed_at.offset(days * 86_400).date().into_bytes();
        let advice = format!(
            "the signing key is derived for the day {word} the one that the credential names; take all dates from one \
             UTC time"
        );
        let date = day.clone();
        all.likely(ScopeDate, "date", advice, move |draft| draft.key.set(DATE, &date));
        let advice = format!(
            "string to sign and signing key are of the day {word} the one that the credential names; take all dates \
             from one UTC time"
        );
        let date = day.clone();
        all.likely(ScopeDate, "date", advice, move |draft| draft.set_both(DATE, &date));
        let advice =
            format!("the string to sign has the day {word} the one that the credential names");
        all.unlikely(ScopeDate, "date", advice, move |draft| draft.set_scope(DATE, &day));
    }
    let signed_on = seen.signed_at.date().into_bytes();
    all.unlikely(
        ScopeDate,
        "date",
        "string to sign and signing key are of the day of `X-Amz-Date`; let the credential name it too",
        move |draft| draft.set_both(DATE, &signed_on),
    );
}

fn suppose_parts<'a>(part: usize, named: &str, others: &[&str], all: &mut Hypotheses<'a>) {
    let (kind, word) = if part == REGION { (Region, "region") } else { (Service, "service") };
    let others = others.iter().filter(|other| **other != named);
    for (position, other) in others.enumerate() {
        let advice = format!(
            "the signing key is derived for the {word} `{other}`, and the credential names `{named}`; use one {word} \
             throughout"
        );
        let text = other.as_bytes().to_vec();
        let in_key = {
            let text = text.clone();
            move |draft: &mut Draft<'a>| draft.key.set(part, &text)
        };
        match position < LIKELY {
            true => all.likely(kind, word, advice, in_key),
            false => all.unlikely(kind, word, advice, in_key),
        }
        let advice = format!(
            "string to sign and signing key are of the {word} `{other}`, and the credential names `{named}`; use one \
             {word} throughout"
        );
        let both = {
            let text = text.clone();
            move |draft: &mut Draft<'a>| draft.set_both(part, &text)
        };
        all.unlikely(kind, word, advice, both);
        let advice = format!(
            "the string to sign names the {word} `{other}`, and the credential `{named}`; use one {word} throughout"
        );
        all.unlikely(kind, word, advice, move |draft| draft.set_scope(part, &text));
    }
}

/// The offset of a time zone, as people write it.
pub(super) fn zone(seconds: i64) -> String {
    let sign = if seconds < 0 { '-' } else { '+' };
    let minutes = seconds.abs() / 60;
    format!("UTC{sign}{}:{:02}", minutes / 60, minutes % 60)
}

fn extended(time: Timestamp) -> Vec<u8> {
    let mut text = Vec::with_capacity(20);
    for (position, byte) in time.basic().into_iter().enumerate() {
        match position {
            4 | 6 => text.push(b'-'),
            11 | 13 => text.push(b':'),
            _ => {}
        }
        text.push(byte);
    }
    text
}

impl Draft<'_> {
    fn set_scope(&mut self, part: usize, text: &[u8]) {
        if let Some(place) = self.scope.get_mut(part) {
            *place = text.to_vec();
        }
    }

    fn set_both(&mut self, part: usize, text: &[u8]) {
        self.set_scope(part, text);
        self.key.set(part, text);
    }
}

impl super::draft::Key {
    fn set(&mut self, part: usize, text: &[u8]) {
        if let Some(place) = self.scope.get_mut(part) {
            *place = text.to_vec();
        }
    }
}

const DATE: usize = 0;
const REGION: usize = 1;
const SERVICE: usize = 2;
const LIKELY: usize = 3;
