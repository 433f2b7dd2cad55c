//! From the bytes of a request to the claims they make.

use std::borrow::Cow;

use memchr::memchr;

use crate::{
    algorithm::Algorithm,
    claims::{Carrier, Claims, SignedHeaders, text},
    content::{ContentSha256, UNSIGNED},
    error::{AuthError, HeaderDigest, Missing},
    profile::{CONTENT_SHA256, PayloadRule, SignedRule},
    query::{self, AuthParameters, Plus},
    region_set::RegionSet,
    request::Request,
    scope::CredentialText,
    time::Timestamp,
};

/// Reads the signature of a request; errors come in AWS's order.
pub(crate) fn claims<'a>(request: &Request<'a>) -> Result<Claims<'a>, AuthError> {
    let mut parameters = AuthParameters::read(request.query)?;
    let headers = AuthHeaders::read(request);
    let has_plus = parameters.has_plus;
    let presented = match (headers.authorization, parameters.algorithm.take()) {
        (Some(_), Some(_)) => Err(AuthError::TwoCarriers),
        (None, None) => Err(AuthError::NotSigned),
        (Some(header), None) => from_header(request, &headers, header),
        (None, Some(algorithm)) => from_query(request, parameters, &algorithm),
    }?;
    let content = declared(request, presented.carrier)?;
    refuse_unsigned(&presented, request)?;
    Ok(Claims {
        request: *request,
        carrier: presented.carrier,
        credential: CredentialText::new(presented.credential, presented.algorithm),
        region_set: presented.region_set.map(RegionSet::new),
        signed_headers: presented.signed_headers,
        signed_at: presented.date.read()?,
        expires: presented.expires,
        signature: presented.signature,
        security_token: presented.security_token,
        token_follows: false,
        plus: Plus::Literal,
        plus_may_be_space: query::has_plus(request.query.as_bytes())
            && !(presented.carrier == Carrier::Query && has_plus),
        content,
    })
}

/// What the request declares its body to be, if the service heeds that.
fn declared<'a>(request: &Request<'a>, carrier: Carrier) -> Result<Option<&'a [u8]>, AuthError> {
    let (forms, required) = match request.profile.payload {
        PayloadRule::Body => return Ok(None),
        PayloadRule::HeaderOrBody(forms) => (forms, false),
        PayloadRule::Header(forms) => (forms, true),
    };
    let unreadable =
        |got: &[u8]| AuthError::ContentUnreadable { got: text(got.into()).into_owned() };
    let value = match request.only_header(CONTENT_SHA256).map_err(|values| unreadable(&values))? {
        Some(value) => value,
        None if required && carrier == Carrier::Header => return Err(AuthError::ContentMissing),
        None if required && forms.unsigned => UNSIGNED.as_bytes(),
        None => return Ok(None),
    };
    let form = ContentSha256::parse(value).ok_or_else(|| unreadable(value))?;
    if forms.include(&form) { Ok(Some(value)) } else { Err(form.unsupported()) }
}

/// A signature with all its pieces, whose date is still to be read.
struct Pieces<'a> {
    carrier: Carrier,
    algorithm: Algorithm,
    /// Only SigV4a has one.
    region_set: Option<Cow<'a, str>>,
    credential: Cow<'a, str>,
    signature: Cow<'a, [u8]>,
    signed_headers: SignedHeaders<'a>,
    date: Date<'a>,
    expires: Option<Cow<'a, str>>,
    security_token: Option<Cow<'a, str>>,
}

/// The headers that make up a signature. The first of each name counts: their order is on the wire and
/// in the canonical request, so that a request has one meaning.
#[derive(Default)]
struct AuthHeaders<'a> {
    authorization: Option<&'a [u8]>,
    amz_date: Option<&'a [u8]>,
    date: Option<&'a [u8]>,
    security_token: Option<&'a [u8]>,
}

impl<'a> AuthHeaders<'a> {
    fn read(request: &Request<'a>) -> Self {
        let mut found = Self::default();
        request.headers.visit(&mut |name, value| {
            let is = |other: &str| name.eq_ignore_ascii_case(other);
            let slot = if is("authorization") {
                &mut found.authorization
            } else if is("x-amz-date") {
                &mut found.amz_date
            } else if is("date") {
                &mut found.date
            } else if is("x-amz-security-token") {
                &mut found.security_token
            } else {
                return;
            };
            slot.get_or_insert(value);
        });
        found
    }
}

fn from_header<'a>(
    request: &Request<'a>,
    headers: &AuthHeaders<'a>,
    header: &'a [u8],
) -> Result<Pieces<'a>, AuthError> {
    let (scheme, parameters) = split_once(header.trim_ascii(), b' ');
    let Some(algorithm) = Algorithm::parse(scheme, request.sigv4a) else {
        let algorithm = text(scheme.into()).into_owned();
        return Err(AuthError::UnsupportedAlgorithm { algorithm });
    };
    let parameters = HeaderParameters::read(parameters.unwrap_or_default(), header)?;
    let date = headers.amz_date.map(Date::AmzHeader).or(headers.date.map(Date::Header));
    match (parameters.credential, parameters.signature, parameters.signed_headers, date) {
        (Some(credential), Some(signature), Some(signed_headers), Some(date)) => Ok(Pieces {
            carrier: Carrier::Header,
            algorithm,
            region_set: region_set_header(request, algorithm),
            credential: text(credential.into()),
            signature: signature.into(),
            signed_headers: SignedHeaders::new(text(signed_headers.into())),
            date,
            expires: None,
            security_token: headers.security_token.map(|token| text(token.trim_ascii().into())),
        }),
        (credential, signature, signed_headers, date) => Err(AuthError::MissingFromHeader {
            missing: Missing {
                credential: credential.is_none(),
                signature: signature.is_none(),
                signed_headers: signed_headers.is_none(),
                date: date.is_none(),
                region_set: false,
            },
            header: HeaderDigest::of(header),
        }),
    }
}

fn from_query<'a>(
    request: &Request<'a>,
    query: AuthParameters<'a>,
    algorithm: &[u8],
) -> Result<Pieces<'a>, AuthError> {
    let algorithm = Algorithm::parse(algorithm, request.sigv4a).ok_or(AuthError::NotSigned)?;
    if let Some(name) = query.repeated {
        return Err(AuthError::RepeatedInQuery { name: text(name).into_owned() });
    }
    let is_sigv4a = algorithm == Algorithm::EcdsaP256Sha256;
    let region_set = query.region_set.filter(|_| is_sigv4a).map(text);
    let lacks_regions = is_sigv4a && region_set.is_none();
    match (query.credential, query.signature, query.signed_headers, query.date) {
        (Some(credential), Some(signature), Some(signed_headers), Some(date)) if !lacks_regions => {
            Ok(Pieces {
                carrier: Carrier::Query,
                algorithm,
                region_set,
                credential: text(credential),
                signature,
                signed_headers: SignedHeaders::new(text(signed_headers)),
                date: Date::Query(date),
                expires: query.expires.map(text),
                security_token: query.security_token.map(text),
            })
        }
        (credential, signature, signed_headers, date) => Err(AuthError::MissingFromQuery {
            missing: Missing {
                credential: credential.is_none(),
                signature: signature.is_none(),
                signed_headers: signed_headers.is_none(),
                date: date.is_none(),
                region_set: lacks_regions,
            },
        }),
    }
}

/// The parameters of an `Authorization` header. The last of each name counts.
#[derive(Default)]
struct HeaderParameters<'a> {
    credential: Option<&'a [u8]>,
    signature: Option<&'a [u8]>,
    signed_headers: Option<&'a [u8]>,
}

impl<'a> HeaderParameters<'a> {
    fn read(list: &'a [u8], header: &[u8]) -> Result<Self, AuthError> {
        let mut found = Self::default();
        if list.trim_ascii().is_empty() {
            return Ok(found);
        }
        let mut rest = Some(list);
        while let Some(list) = rest {
            let (parameter, after) = split_once(list, b',');
            rest = after;
            let parameter = parameter.trim_ascii();
            let (name, Some(value)) = split_once(parameter, b'=') else {
                return Err(AuthError::ParameterWithoutValue {
                    parameter: text(parameter.into()).into_owned(),
                    header: HeaderDigest::of(header),
                });
            };
            match name {
                b"Credential" => found.credential = Some(value),
                b"Signature" => found.signature = Some(value),
                b"SignedHeaders" => found.signed_headers = Some(value),
                _ => {}
            }
        }
        Ok(found)
    }
}

/// A date as it was sent. Each place has its own forms.
enum Date<'a> {
    AmzHeader(&'a [u8]),
    Header(&'a [u8]),
    Query(Cow<'a, [u8]>),
}

impl Date<'_> {
    fn read(&self) -> Result<Timestamp, AuthError> {
        let sent: &[u8] = match self {
            Self::AmzHeader(value) | Self::Header(value) => value.trim_ascii(),
            Self::Query(value) => value,
        };
        let iso = || Timestamp::parse_basic(sent).or_else(|| Timestamp::parse_extended(sent));
        match self {
            Self::AmzHeader(_) => iso(),
            Self::Header(_) => iso().or_else(|| Timestamp::parse_rfc1123(sent)),
            Self::Query(_) => Timestamp::parse_basic(sent),
        }
        .ok_or_else(|| AuthError::UnreadableDate { got: text(sent.into()).into_owned() })
    }
}

/// The region set of a SigV4a request, which is empty where there is none: `refuse_unsigned` and the scope see to that.
fn region_set_header<'a>(request: &Request<'a>, algorithm: Algorithm) -> Option<Cow<'a, str>> {
    if algorithm != Algorithm::EcdsaP256Sha256 {
        return None;
    }
    let mut first: Option<&'a [u8]> = None;
    request.visit_signed(REGION_SET.as_bytes(), |value| {
        first.get_or_insert(value);
    });
    Some(text(first.unwrap_or_default().into()))
}

fn refuse_unsigned(presented: &Pieces<'_>, request: &Request<'_>) -> Result<(), AuthError> {
    let signed = &presented.signed_headers;
    if !signed.has_host() {
        return Err(AuthError::HostNotSigned);
    }
    let is_header = presented.carrier == Carrier::Header;
    let region_set: &[&str] =
        if is_header && presented.region_set.is_some() { &[REGION_SET] } else { &[] };
    match region_set.iter().chain(request.must_sign).find(|name| !signed.contains(name)) {
        Some(name) => Err(AuthError::HeaderNotSigned { name: (*name).to_owned() }),
        None if request.profile.must_sign == SignedRule::Documented => {
            refuse_undocumented(signed, request)
        }
        None => Ok(()),
    }
}

fn refuse_undocumented(signed: &SignedHeaders<'_>, request: &Request<'_>) -> Result<(), AuthError> {
    // Verification refuses any list that is not canonical, so that only short ones need a look.
    let mut unsigned = None;
    if signed.is_canonical() {
        request.headers.visit(&mut |name, _| {
            if unsigned.is_none() && SignedRule::Documented.covers(name) && !signed.contains(name) {
                unsigned = Some(name.to_owned());
            }
        });
    }
    unsigned.map_or(Ok(()), |name| Err(AuthError::HeaderNotSigned { name }))
}

fn split_once(text: &[u8], separator: u8) -> (&[u8], Option<&[u8]>) {
    match memchr(separator, text) {
        Some(at) => {
            let (before, after) = text.split_at(at);
            (before, after.get(1..))
        }
        None => (text, None),
    }
}

/// As AWS spells it in its messages.
const REGION_SET: &str = "X-Amz-Region-Set";
