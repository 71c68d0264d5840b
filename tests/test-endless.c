/*
 * SPDX-FileCopyrightText: The Hearken developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

/*
 * Streams that do not end, with every decoder: in the last of 24 rounds of the same posteriors they hear
 * what they heard in the second, and take no more memory. "build/tests/test-endless -m slow" makes each round an hour long.
 */

#include <malloc.h>
#include <math.h>

#include <glib/gstdio.h>

#include "decoder.h"
#include "model-internal.h"
#include "test-models.h"

#define RATE 16000
#define STEP_SAMPLES (3 * RATE / 100) /* 30 ms, as in the shipped models */
#define STEPS_PER_HOUR (3600 * RATE / STEP_SAMPLES)
#define N_ROUNDS 24
#define N_TOKENS 5

/* GLib's slices are allocated by the page. */
#define SLICES_BYTES (4 * 4096)

/* What the process has allocated, in bytes; 0 where nobody tells. */
static gsize
get_allocated (void)
{
#if defined(__GLIBC__) && __GLIBC_PREREQ(2, 33)
  return mallinfo2 ().uordblks;
#else
  return 0;
#endif
}

static HearkenModel *
load_model (void)
{
  g_autoptr (TestModel) builder = test_model_tones (RATE);
  g_autoptr (GBytes) bytes = test_model_to_bytes (builder);
  g_autoptr (GError) error = NULL;
  HearkenModel *model = hearken_model_new_from_bytes (bytes, "test", &error);

  g_assert_no_error (error);
  return model;
}

static const char *
write_file (const char *text, char **path)
{
  g_autoptr (GError) error = NULL;
  const int fd = g_file_open_tmp ("hearken-endless-XXXXXX", path, &error);

  g_assert_no_error (error);
  g_close (fd, NULL);
  g_assert_true (g_file_set_contents (*path, text, -1, NULL));
  return *path;
}

#define ARPA                                                                                       \
  "\\data\\\nngram 1=6\nngram 2=2\n\n\\1-grams:\n-99 <s> -0.3\n-0.7 </s>\n-0.7 a -0.2\n-0.7 b\n"   \
  "-0.7 ab -0.1\n-0.7 c\n\n\\2-grams:\n-0.4 a b\n-0.3 ab c\n\n\\end\\\n"

typedef struct {
  const char *name;
  const char *language_model;
  const char *grammar;
  const char *keywords;
  const char *hotwords;
} Case;

static const Case cases[] = {
  { "greedy", NULL, NULL, NULL, NULL },
  { "search", ARPA, NULL, NULL, NULL },
  { "hotwords", ARPA, NULL, NULL, "ab /2/\n" },
  { "grammar", NULL, "ab c\nb a\na b c\nc\n", NULL, NULL },
  { "keywords", NULL, NULL, "ab\nc /0.3/\n", NULL },
};

static HearkenGraph *
load_graph (HearkenModel *model, const Case *c)
{
  const char *const texts[] = { c->language_model, c->grammar, c->keywords, c->hotwords };
  HearkenGraphOptions options = HEARKEN_GRAPH_OPTIONS_INIT;
  const char **const places[] = { &options.language_model, &options.grammar, &options.keywords,
    &options.hotwords };
  char *paths[G_N_ELEMENTS (texts)] = { NULL };
  g_autoptr (GError) error = NULL;
  HearkenGraph *graph;

  for (guint i = 0; i < G_N_ELEMENTS (texts); i++) {
    if (texts[i] != NULL)
      *places[i] = write_file (texts[i], &paths[i]);
  }
  graph = hearken_graph_new (model, &options, &error);
  g_assert_no_error (error);
  for (guint i = 0; i < G_N_ELEMENTS (texts); i++) {
    if (paths[i] != NULL)
      g_remove (paths[i]);
    g_free (paths[i]);
  }
  return graph;
}

/* @log_probs: [N_TOKENS]: mostly for @token, with doubt */
static void
make_posteriors (GRand *rand, guint token, float *log_probs)
{
  double values[N_TOKENS], sum = 0;

  for (guint i = 0; i < N_TOKENS; i++) {
    values[i] = exp (g_rand_double_range (rand, -2, 2) + (i == token ? 4 : 0));
    sum += values[i];
  }
  for (guint i = 0; i < N_TOKENS; i++)
    log_probs[i] = (float) log (values[i] / sum);
}

/* A sound or silence that goes on for some steps; at times, nobody speaks for long. Returns: steps */
static guint
choose_sound (GRand *rand, guint *token)
{
  *token = g_rand_boolean (rand) ? 0 : (guint) g_rand_int_range (rand, 1, N_TOKENS);
  if (*token == 0 && g_rand_int_range (rand, 0, 20) == 0)
    return (guint) g_rand_int_range (rand, 20, 200);
  return (guint) g_rand_int_range (rand, 1, 5);
}

/* What a round takes and tells. */
typedef struct {
  gsize most_bytes;
  GChecksum *texts;
  guint n_results;
} Round;

static void
take_results (HearkenDecoder *decoder, Round *round)
{
  HearkenResult *result;

  while ((result = hearken_decoder_pull (decoder)) != NULL) {
    g_checksum_update (round->texts, (const guchar *) result->text, -1);
    g_checksum_update (round->texts, (const guchar *) &result->level, sizeof (result->level));
    round->n_results += result->is_final;
    hearken_result_free (result);
  }
}

/* The same posteriors every time, and a silence that ends whatever is open. */
static Round
play_round (HearkenDecoder *decoder, guint n_steps)
{
  Round round = { .texts = g_checksum_new (G_CHECKSUM_SHA256) };
  GRand *rand = g_rand_new_with_seed (5);
  guint token = 0, n_left = 0;

  for (guint step = 0; step < n_steps; step++) {
    float log_probs[N_TOKENS];

    if (n_left == 0)
      n_left = choose_sound (rand, &token);
    n_left--;
    make_posteriors (rand, step + 100 < n_steps ? token : 0, log_probs);
    hearken_decoder_push (decoder, log_probs);
    take_results (decoder, &round);
    if (step % 20 == 0) /* it takes longer than the step */
      round.most_bytes = MAX (round.most_bytes, get_allocated ());
  }
  g_rand_free (rand);
  return round;
}

static void
test_memory (gconstpointer data)
{
  const HearkenDecoderSettings settings = {
    .rules = { .silence_steps = 27, .max_steps = 1000 },
    .partial_steps = 10,
    .delay_steps = 100,
    .debounce_steps = 17,
    .n_best = 3,
    .keyword_threshold = 0.5,
  };
  const guint n_steps = g_test_slow () ? STEPS_PER_HOUR : 2000;
  g_autoptr (HearkenModel) model = load_model ();
  g_autoptr (HearkenGraph) graph = load_graph (model, data);
  HearkenDecoder *decoder = hearken_decoder_new (model, (HearkenStepClock){ 0, STEP_SAMPLES });
  Round rounds[N_ROUNDS];

  hearken_decoder_configure (decoder, &settings);
  hearken_decoder_set_graph (decoder, graph);
  for (guint i = 0; i < N_ROUNDS; i++)
    rounds[i] = play_round (decoder, n_steps);

  g_test_message ("%u results a round; %zu bytes in the second round, %zu in the last",
      rounds[1].n_results, rounds[1].most_bytes, rounds[N_ROUNDS - 1].most_bytes);
  g_assert_cmpuint (rounds[1].n_results, >, 10);
  for (guint i = 2; i < N_ROUNDS; i++) {
    g_assert_cmpuint (rounds[i].most_bytes, <=, rounds[1].most_bytes + SLICES_BYTES);
    g_assert_cmpuint (rounds[i].n_results, ==, rounds[1].n_results);
    g_assert_cmpstr (
        g_checksum_get_string (rounds[i].texts), ==, g_checksum_get_string (rounds[1].texts));
  }
  for (guint i = 0; i < N_ROUNDS; i++)
    g_checksum_free (rounds[i].texts);
  hearken_decoder_free (decoder);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autofree char *path = g_strconcat ("/endless/", cases[i].name, NULL);

    g_test_add_data_func (path, &cases[i], test_memory);
  }
  return g_test_run ();
}
