//! What may have happened, and the search for what did.

use std::collections::HashSet;

use subtle::ConstantTimeEq;

use super::{
    draft::Draft,
    mistake::{Mistake, MistakeKind},
    seen::Seen,
};

/// Everything that may have happened to one request, in the order in which it is tried.
#[derive(Default)]
pub(super) struct Hypotheses<'a> {
    likely: Vec<Hypothesis<'a>>,
    unlikely: Vec<Hypothesis<'a>>,
}

struct Hypothesis<'a> {
    /// `None` for what a client may do.
    mistake: Option<Mistake>,
    /// What it changes. No two of one slot make a pair.
    slot: String,
    apply: Box<dyn Fn(&mut Draft<'a>) + 'a>,
}

/// What a search came to.
pub(super) struct Found<'a> {
    pub(super) mistakes: Vec<Mistake>,
    pub(super) draft: Draft<'a>,
}

impl<'a> Hypotheses<'a> {
    /// Adds a mistake that is tried alone and beside every other likely one.
    pub(super) fn likely(
        &mut self,
        kind: MistakeKind,
        slot: &str,
        advice: impl Into<String>,
        apply: impl Fn(&mut Draft<'a>) + 'a,
    ) {
        self.likely.push(Hypothesis::new(kind, slot, advice, apply));
    }

    /// Adds a mistake that is tried alone, and in pairs once all likely ones have been.
    pub(super) fn unlikely(
        &mut self,
        kind: MistakeKind,
        slot: &str,
        advice: impl Into<String>,
        apply: impl Fn(&mut Draft<'a>) + 'a,
    ) {
        self.unlikely.push(Hypothesis::new(kind, slot, advice, apply));
    }

    /// Adds what a client may do one way or another: it is tried like what is likely, and is no mistake.
    pub(super) fn reading(&mut self, slot: &str, apply: impl Fn(&mut Draft<'a>) + 'a) {
        self.likely.push(Hypothesis {
            mistake: None,
            slot: slot.to_owned(),
            apply: Box::new(apply),
        });
    }

    /// Looks for the mistake, or two, under which the request has this signature. Adds to `tried` how many signatures
    /// that took, which are never more than [`MOST_HYPOTHESES`].
    pub(super) fn search(
        mut self,
        seen: &Seen<'a>,
        correct: &Draft<'a>,
        signature: &[u8; 32],
        tried: &mut usize,
    ) -> Option<Found<'a>> {
        let most = MOST_HYPOTHESES.min(MOST_BYTES / correct.canonical_request().len().max(1));
        // What changes nothing in this request, or the same as another, need not be tried twice.
        let mut known = HashSet::from([correct.signature(seen.access_key_id)]);
        let mut tells = |hypothesis: &Hypothesis<'a>| -> Option<bool> {
            let computed = hypothesis.draft(correct).signature(seen.access_key_id);
            known.insert(computed).then(|| computed.ct_eq(signature).into())
        };
        let mut alone = None;
        let mut keep = |hypotheses: &mut Vec<Hypothesis<'a>>| {
            hypotheses.retain(|hypothesis| {
                if alone.is_some() || *tried >= most {
                    return false;
                }
                *tried += 1;
                let fits = tells(hypothesis);
                if fits == Some(true) {
                    alone = Some(Found {
                        mistakes: hypothesis.mistake.iter().cloned().collect(),
                        draft: hypothesis.draft(correct),
                    });
                }
                fits.is_some()
            });
        };
        keep(&mut self.likely);
        let count = self.likely.len();
        keep(&mut self.unlikely);
        if alone.is_some() {
            return alone;
        }
        self.likely.append(&mut self.unlikely);
        self.pair(seen, correct, signature, tried, (count, most))
    }

    fn pair(
        &self,
        seen: &Seen<'a>,
        correct: &Draft<'a>,
        signature: &[u8; 32],
        tried: &mut usize,
        (likely, most): (usize, usize),
    ) -> Option<Found<'a>> {
        let all = &self.likely;
        let come_together = || {
            let methods = all.iter().filter(|one| one.slot == METHOD);
            let others = all.iter().filter(|other| WITH_METHOD.contains(&other.slot.as_str()));
            methods.flat_map(move |one| others.clone().map(move |other| (one, other)))
        };
        // A pair is as likely as its less likely half, so each round brings in one more mistake.
        let others = (0..all.len())
            .flat_map(|second| (0..second.min(likely)).map(move |first| (first, second)))
            .filter_map(|(first, second)| Some((all.get(first)?, all.get(second)?)))
            .filter(|(first, second)| first.slot != second.slot)
            .filter(|(first, second)| {
                second.slot != METHOD || !WITH_METHOD.contains(&first.slot.as_str())
            });
        for (first, second) in come_together().chain(others) {
            if *tried >= most {
                return None;
            }
            *tried += 1;
            let mut draft = first.draft(correct);
            (second.apply)(&mut draft);
            if draft.signature(seen.access_key_id).ct_eq(signature).into() {
                let mistakes = [&first.mistake, &second.mistake].into_iter().flatten();
                return Some(Found { mistakes: mistakes.cloned().collect(), draft });
            }
        }
        None
    }
}

impl<'a> Hypothesis<'a> {
    fn new(
        kind: MistakeKind,
        slot: &str,
        advice: impl Into<String>,
        apply: impl Fn(&mut Draft<'a>) + 'a,
    ) -> Self {
        let mistake = Some(Mistake::new(kind, advice));
        Self { mistake, slot: slot.to_owned(), apply: Box::new(apply) }
    }

    fn draft(&self, correct: &Draft<'a>) -> Draft<'a> {
        let mut draft = correct.clone();
        (self.apply)(&mut draft);
        draft
    }
}

/// The slot of the method.
pub(super) const METHOD: &str = "method";
/// The slot of the payload.
pub(super) const PAYLOAD: &str = "payload";
/// The slot of the host.
pub(super) const HOST: &str = "header host";
/// What changes together with the method: a request that is signed as GET and sent as POST has its body or its
/// parameters elsewhere, and a redirect changes the host. These pairs are tried before all others, and are fewer than a
/// hundred.
const WITH_METHOD: [&str; 2] = [PAYLOAD, HOST];
/// How many bytes of canonical requests one diagnosis writes at most: requests of many kilobytes get fewer hypotheses.
const MOST_BYTES: usize = 3 << 20;
/// How many signatures one diagnosis computes at most: a few milliseconds.
const MOST_HYPOTHESES: usize = 900;
