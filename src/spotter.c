/*
 * SPDX-FileCopyrightText: The Hearken developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "spotter.h"

#include <math.h>
#include <string.h>

#define DEFAULT_THRESHOLD 0.5f
#define LOWEST_THRESHOLD 0.001f /* with 0, everything would be heard all the time */
#define GAP_KEPT 0.98           /* of the weight of a path, by a step between two tokens */
#define END_KEPT 0.8            /* and by one after the last */
#define RISE 1.01               /* less is none */
#define REARMED_BELOW 0.5       /* of the threshold */
#define NOTHING 1e-200          /* less is 0, lest numbers be denormal */

/* The paths that lately said the tokens of a spelling up to one, all alignments together. */
typedef struct {
  double mass;
  guint64 start; /* the step at which the heaviest of them began */
} Paths;

typedef struct {
  Paths saying; /* in the token */
  Paths after;  /* in a blank behind it */
} Place;

typedef struct {
  guint keyword;
  guint n_tokens;
  const guint16 *tokens; /* [n_tokens], of the keywords */
  Place *places;         /* [n_tokens] */
  double first_prob;     /* of the first token, one step ago */
  guint64 end;           /* the step after the last token of what is after it */
} Spelling;

/* What one keyword does at the moment. */
typedef struct {
  bool is_armed;   /* its confidence was low enough since it was heard */
  bool is_waiting; /* the threshold was reached; best may still be bettered */
  guint n_tokens;  /* of the spelling of best */
  guint64 heard_at;
  guint64 reached_at;
  guint64 risen_at;
  HearkenSpotting best;
} Hearing;

struct HearkenSpotter {
  HearkenKeywords *keywords;
  guint blank;
  float threshold;
  guint64 debounce_steps;
  guint n_keywords;
  guint n_spellings;
  guint n_places;
  Spelling *spellings; /* [n_spellings], in order of their keywords */
  Place *places;       /* [n_places] */
  Hearing *hearings;   /* [n_keywords] */
  guint64 n_steps;     /* pushed so far */
  GArray *told;        /* of HearkenSpotting, to be pulled */
};

/* Of what was said before, only when each keyword was heard still counts. */
static void
start_utterance (HearkenSpotter *spotter)
{
  memset (spotter->places, 0, spotter->n_places * sizeof (Place));
  for (guint i = 0; i < spotter->n_keywords; i++)
    spotter->hearings[i] = (Hearing){ .is_armed = true, .heard_at = spotter->hearings[i].heard_at };
  for (guint i = 0; i < spotter->n_spellings; i++) {
    spotter->spellings[i].first_prob = 0;
    spotter->spellings[i].end = 0;
  }
}

static void
start_stream (HearkenSpotter *spotter)
{
  spotter->n_steps = 0;
  for (guint i = 0; i < spotter->n_keywords; i++)
    spotter->hearings[i].heard_at = 0;
  start_utterance (spotter);
}

static void
count_spellings (HearkenSpotter *spotter)
{
  for (guint i = 0; i < spotter->n_keywords; i++) {
    const GPtrArray *spellings = hearken_keywords_get_spellings (spotter->keywords, i);

    spotter->n_spellings += spellings->len;
    for (guint j = 0; j < spellings->len; j++)
      spotter->n_places += ((const GArray *) g_ptr_array_index (spellings, j))->len;
  }
}

static void
take_spellings (HearkenSpotter *spotter)
{
  Spelling *spelling = spotter->spellings;
  Place *place = spotter->places;

  for (guint i = 0; i < spotter->n_keywords; i++) {
    const GPtrArray *spellings = hearken_keywords_get_spellings (spotter->keywords, i);

    for (guint j = 0; j < spellings->len; j++, spelling++) {
      const GArray *tokens = g_ptr_array_index (spellings, j);

      *spelling = (Spelling){
        .keyword = i,
        .n_tokens = tokens->len,
        .tokens = (const guint16 *) tokens->data,
        .places = place,
      };
      place += tokens->len;
    }
  }
}

HearkenSpotter *
hearken_spotter_new (HearkenKeywords *keywords, guint blank)
{
  HearkenSpotter *spotter = g_new0 (HearkenSpotter, 1);

  spotter->keywords = hearken_keywords_ref (keywords);
  spotter->blank = blank;
  spotter->threshold = DEFAULT_THRESHOLD;
  spotter->n_keywords = hearken_keywords_get_n (keywords);
  count_spellings (spotter);
  spotter->spellings = g_new (Spelling, spotter->n_spellings);
  spotter->places = g_new (Place, spotter->n_places);
  spotter->hearings = g_new (Hearing, spotter->n_keywords);
  spotter->told = g_array_new (FALSE, FALSE, sizeof (HearkenSpotting));
  take_spellings (spotter);
  start_stream (spotter);
  return spotter;
}

void
hearken_spotter_free (HearkenSpotter *spotter)
{
  if (spotter == NULL)
    return;
  g_array_unref (spotter->told);
  g_free (spotter->hearings);
  g_free (spotter->places);
  g_free (spotter->spellings);
  hearken_keywords_unref (spotter->keywords);
  g_free (spotter);
}

void
hearken_spotter_configure (HearkenSpotter *spotter, float threshold, guint64 debounce_steps)
{
  spotter->threshold = threshold;
  spotter->debounce_steps = debounce_steps;
}

/* 0 for what is not a number. */
static double
to_prob (float log_prob)
{
  if (log_prob < 0)
    return exp (log_prob);
  return log_prob >= 0 ? 1 : 0;
}

/* Both together; where they began, the heavier ones did. */
static Paths
join (Paths a, Paths b)
{
  return (Paths){ a.mass + b.mass, b.mass > a.mass ? b.start : a.start };
}

static Paths
go_on (Paths paths, double prob)
{
  const double mass = paths.mass * prob;

  return mass > NOTHING ? (Paths){ mass, paths.start } : (Paths){ 0, 0 };
}

/* The paths that can say token @i next and do not yet. */
static Paths
before (const Spelling *spelling, guint i, guint64 step)
{
  const Place *previous;

  if (i == 0)
    return (Paths){ 1 - spelling->first_prob, step }; /* all that did not say it a step ago */
  previous = &spelling->places[i - 1];
  if (spelling->tokens[i] == spelling->tokens[i - 1])
    return previous->after;
  return join (previous->saying, previous->after);
}

static void
advance (Spelling *spelling, const float *log_probs, double blank_prob, guint64 step)
{
  const Place *last = &spelling->places[spelling->n_tokens - 1];

  if (last->saying.mass >= last->after.mass)
    spelling->end = step;
  for (guint i = spelling->n_tokens; i-- > 0;) {
    const double kept = i + 1 < spelling->n_tokens ? GAP_KEPT : END_KEPT;
    Place *place = &spelling->places[i];
    const Paths saying = join (place->saying, before (spelling, i, step));

    place->after = go_on (join (place->saying, place->after), kept * blank_prob);
    place->saying = go_on (saying, to_prob (log_probs[spelling->tokens[i]]));
  }
  spelling->first_prob = to_prob (log_probs[spelling->tokens[0]]);
}

static HearkenSpotting
weigh (const Spelling *spelling, guint64 n_steps)
{
  const Place *last = &spelling->places[spelling->n_tokens - 1];
  const bool is_over = last->after.mass > last->saying.mass;
  const Paths paths = join (last->saying, last->after);

  return (HearkenSpotting){
    .keyword = spelling->keyword,
    .confidence = (float) MIN (pow (paths.mass, 1.0 / spelling->n_tokens), 1),
    .start_step = paths.start,
    .end_step = is_over ? spelling->end : n_steps,
    .first_token = spelling->tokens[0],
    .last_token = spelling->tokens[spelling->n_tokens - 1],
  };
}

static void
silence (Hearing *hearing, guint64 step)
{
  hearing->is_waiting = false;
  hearing->is_armed = false;
  hearing->heard_at = step;
}

static bool
is_better (const Hearing *a, const Hearing *b)
{
  if (a->n_tokens != b->n_tokens)
    return a->n_tokens > b->n_tokens;
  return a->best.confidence > b->best.confidence;
}

static bool
overlap (const HearkenSpotting *a, const HearkenSpotting *b)
{
  return a->start_step < b->end_step && b->start_step < a->end_step;
}

/* Whether both cannot be told of. */
static bool
is_rival (const Hearing *other, const Hearing *hearing)
{
  return other->is_waiting && overlap (&other->best, &hearing->best);
}

/* Tells of a keyword, and drops its rivals; or lets it wait if one of those is better, and may be dropped
 * itself. */
static void
decide (HearkenSpotter *spotter, Hearing *hearing)
{
  for (guint i = 0; i < spotter->n_keywords; i++) {
    const Hearing *other = &spotter->hearings[i];

    if (is_rival (other, hearing) && is_better (other, hearing))
      return;
  }
  for (guint i = 0; i < spotter->n_keywords; i++) {
    Hearing *other = &spotter->hearings[i];

    if (is_rival (other, hearing))
      silence (other, spotter->n_steps);
  }
  g_array_append_val (spotter->told, hearing->best);
  silence (hearing, spotter->n_steps);
}

static float
get_threshold (const HearkenSpotter *spotter, guint keyword)
{
  const float threshold = hearken_keywords_get_threshold (spotter->keywords, keyword);

  return MAX (isnan (threshold) ? spotter->threshold : threshold, LOWEST_THRESHOLD);
}

/* Whether the debounce time since the latest hearing, if there was one, is over. */
static bool
is_quiet (const HearkenSpotter *spotter, const Hearing *hearing)
{
  return hearing->heard_at > 0 && spotter->n_steps - hearing->heard_at < spotter->debounce_steps;
}

static void
hear (HearkenSpotter *spotter, const HearkenSpotting *now, guint n_tokens)
{
  const float threshold = get_threshold (spotter, now->keyword);
  Hearing *hearing = &spotter->hearings[now->keyword];

  if (now->confidence < REARMED_BELOW * threshold)
    hearing->is_armed = true;
  if (now->confidence < threshold || !hearing->is_armed)
    return;
  if (is_quiet (spotter, hearing)) {
    hearing->is_armed = false;
    return;
  }
  if (!hearing->is_waiting) {
    hearing->is_waiting = true;
    hearing->reached_at = spotter->n_steps;
    hearing->best.confidence = 0;
  }
  if (now->confidence > RISE * hearing->best.confidence)
    hearing->risen_at = spotter->n_steps;
  if (now->confidence > hearing->best.confidence) {
    hearing->best = *now;
    hearing->n_tokens = n_tokens;
  }
  if (now->start_step == hearing->best.start_step)
    hearing->best.end_step = now->end_step;
}

/* Every keyword by its most probable spelling. */
static void
hear_all (HearkenSpotter *spotter)
{
  const Spelling *spelling = spotter->spellings;
  const Spelling *end = spelling + spotter->n_spellings;

  while (spelling < end) {
    const Spelling *best = spelling;
    HearkenSpotting now = weigh (best, spotter->n_steps);

    while (++spelling < end && spelling->keyword == best->keyword) {
      const HearkenSpotting other = weigh (spelling, spotter->n_steps);

      if (other.confidence > now.confidence) {
        now = other;
        best = spelling;
      }
    }
    hear (spotter, &now, best->n_tokens);
  }
}

void
hearken_spotter_push (HearkenSpotter *spotter, const float *log_probs)
{
  const double blank_prob = to_prob (log_probs[spotter->blank]);

  for (guint i = 0; i < spotter->n_spellings; i++)
    advance (&spotter->spellings[i], log_probs, blank_prob, spotter->n_steps);
  spotter->n_steps++;
  hear_all (spotter);
  for (guint i = 0; i < spotter->n_keywords; i++) {
    Hearing *hearing = &spotter->hearings[i];

    if (hearing->is_waiting &&
        (spotter->n_steps - hearing->risen_at >= HEARKEN_SPOTTER_PATIENCE ||
            spotter->n_steps - hearing->reached_at >= HEARKEN_SPOTTER_LONGEST_WAIT))
      decide (spotter, hearing);
  }
}

bool
hearken_spotter_pull (HearkenSpotter *spotter, HearkenSpotting *spotting)
{
  if (spotter->told->len == 0)
    return false;
  *spotting = g_array_index (spotter->told, HearkenSpotting, 0);
  g_array_remove_index (spotter->told, 0);
  return true;
}

void
hearken_spotter_finish (HearkenSpotter *spotter)
{
  bool is_undecided;

  do { /* each time at least the best */
    is_undecided = false;
    for (guint i = 0; i < spotter->n_keywords; i++) {
      Hearing *hearing = &spotter->hearings[i];

      if (hearing->is_waiting)
        decide (spotter, hearing);
      is_undecided = is_undecided || hearing->is_waiting;
    }
  } while (is_undecided);
  start_utterance (spotter);
}

void
hearken_spotter_rewind (HearkenSpotter *spotter, guint64 n_steps)
{
  spotter->n_steps = n_steps;
  for (guint i = 0; i < spotter->n_keywords; i++)
    spotter->hearings[i].heard_at = MIN (spotter->hearings[i].heard_at, n_steps);
}

void
hearken_spotter_reset (HearkenSpotter *spotter)
{
  g_array_set_size (spotter->told, 0);
  start_stream (spotter);
}

static void
put_double (HearkenStateWriter *writer, double value)
{
  guint64 bits;

  memcpy (&bits, &value, sizeof (bits));
  hearken_state_put_u64 (writer, bits);
}

/* A probability. */
static bool
get_double (HearkenStateReader *reader, double *value)
{
  guint64 bits;

  if (!hearken_state_get_u64 (reader, G_MAXUINT64, &bits))
    return false;
  memcpy (value, &bits, sizeof (bits));
  return *value >= 0 && *value <= 1 + 1e-6;
}

static void
put_paths (HearkenStateWriter *writer, Paths paths)
{
  put_double (writer, paths.mass);
  hearken_state_put_u64 (writer, paths.start);
}

static bool
get_paths (HearkenStateReader *reader, guint64 n_steps, Paths *paths)
{
  return get_double (reader, &paths->mass) &&
         hearken_state_get_u64 (reader, n_steps, &paths->start);
}

static void
put_hearing (HearkenStateWriter *writer, const Hearing *hearing)
{
  hearken_state_put_u64 (writer, hearing->is_armed);
  hearken_state_put_u64 (writer, hearing->is_waiting);
  hearken_state_put_u64 (writer, hearing->n_tokens);
  hearken_state_put_u64 (writer, hearing->heard_at);
  hearken_state_put_u64 (writer, hearing->reached_at);
  hearken_state_put_u64 (writer, hearing->risen_at);
  hearken_state_put_floats (writer, &hearing->best.confidence, 1);
  hearken_state_put_u64 (writer, hearing->best.start_step);
  hearken_state_put_u64 (writer, hearing->best.end_step);
  hearken_state_put_u64 (writer, hearing->best.first_token);
  hearken_state_put_u64 (writer, hearing->best.last_token);
}

static bool
get_hearing (HearkenStateReader *reader, guint64 n_steps, guint keyword, Hearing *hearing)
{
  guint64 is_armed, is_waiting, n_tokens, first_token, last_token;
  HearkenSpotting *best = &hearing->best;

  if (!hearken_state_get_u64 (reader, 1, &is_armed) ||
      !hearken_state_get_u64 (reader, 1, &is_waiting) ||
      !hearken_state_get_u64 (reader, G_MAXUINT, &n_tokens) ||
      !hearken_state_get_u64 (reader, n_steps, &hearing->heard_at) ||
      !hearken_state_get_u64 (reader, n_steps, &hearing->reached_at) ||
      !hearken_state_get_u64 (reader, n_steps, &hearing->risen_at) ||
      !hearken_state_get_floats (reader, &best->confidence, 1) ||
      !hearken_state_get_u64 (reader, n_steps, &best->start_step) ||
      !hearken_state_get_u64 (reader, n_steps, &best->end_step) ||
      !hearken_state_get_u64 (reader, G_MAXUINT16, &first_token) ||
      !hearken_state_get_u64 (reader, G_MAXUINT16, &last_token))
    return false;
  hearing->is_armed = is_armed;
  hearing->is_waiting = is_waiting;
  hearing->n_tokens = n_tokens;
  best->keyword = keyword;
  best->first_token = first_token;
  best->last_token = last_token;
  return best->confidence >= 0 && best->confidence <= 1 && best->start_step <= best->end_step;
}

void
hearken_spotter_save (const HearkenSpotter *spotter, HearkenStateWriter *writer)
{
  hearken_state_put_u64 (writer, spotter->n_steps);
  for (guint i = 0; i < spotter->n_spellings; i++) {
    put_double (writer, spotter->spellings[i].first_prob);
    hearken_state_put_u64 (writer, spotter->spellings[i].end);
  }
  for (guint i = 0; i < spotter->n_places; i++) {
    put_paths (writer, spotter->places[i].saying);
    put_paths (writer, spotter->places[i].after);
  }
  for (guint i = 0; i < spotter->n_keywords; i++)
    put_hearing (writer, &spotter->hearings[i]);
}

bool
hearken_spotter_restore (HearkenSpotter *spotter, HearkenStateReader *reader)
{
  guint64 n_steps;

  if (!hearken_state_get_u64 (reader, G_MAXINT64, &n_steps))
    return false;
  spotter->n_steps = n_steps;
  for (guint i = 0; i < spotter->n_spellings; i++) {
    if (!get_double (reader, &spotter->spellings[i].first_prob) ||
        !hearken_state_get_u64 (reader, n_steps, &spotter->spellings[i].end))
      return false;
  }
  for (guint i = 0; i < spotter->n_places; i++) {
    if (!get_paths (reader, n_steps, &spotter->places[i].saying) ||
        !get_paths (reader, n_steps, &spotter->places[i].after))
      return false;
  }
  for (guint i = 0; i < spotter->n_keywords; i++) {
    if (!get_hearing (reader, n_steps, i, &spotter->hearings[i]))
      return false;
  }
  return true;
}
