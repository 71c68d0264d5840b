/*
 * SPDX-FileCopyrightText: The Hearken developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

/*
 * Writes what the tests of the tool need:
 *
 *   fixture model FILE         the model that hears tones
 *   fixture state-dict FILE JSON   that model without metadata, which are in JSON
 *   fixture wav FILE LETTERS [CHANNELS]   a recording of "abc" and blanks in tones, which that model
 *                              hears as just these letters; "_" and no letters are silence;
 *                              of capitals it is not sure
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <glib.h>

#include "test-models.h"

#define RATE 16000
#define SLOT (RATE / 5) /* a tone, and a rest half as long as it */
#define REST (RATE / 2) /* silence before and after the letters */
#define FAINT 0.07f     /* of the amplitude of others, capitals have */

static gboolean
write_file (const char *path, gconstpointer data, gsize n_bytes)
{
  g_autoptr (GError) error = NULL;

  if (g_file_set_contents (path, data, n_bytes, &error))
    return TRUE;
  fprintf (stderr, "%s\n", error->message);
  return FALSE;
}

static gboolean
write_model (const char *path)
{
  g_autoptr (TestModel) model = test_model_tones (RATE);
  g_autoptr (GBytes) bytes = test_model_to_bytes (model);

  return write_file (path, g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes));
}

static gboolean
write_state_dict (const char *path, const char *json_path)
{
  static const char *const keys[] = { "hearken.format", "hearken.task", "hearken.frontend",
    "hearken.layers", "hearken.tokens", "hearken.name" };
  static const char description[] =
      "{ \"hearken.format\": \"1\", \"hearken.task\": \"ctc\",\n"
      "  \"hearken.frontend\": { \"type\": \"kaldi.fbank\", \"num_mel_bins\": 8 },\n"
      "  \"hearken.layers\": [{ \"type\": \"linear\", \"name\": \"fc\" }],\n"
      "  \"hearken.tokens\": [\"<blank>\", \" \", \"a\", \"b\", \"c\"] }\n";
  g_autoptr (TestModel) model = test_model_tones (RATE);
  g_autoptr (GBytes) bytes = NULL;

  for (gsize i = 0; i < G_N_ELEMENTS (keys); i++)
    test_model_set (model, keys[i], NULL);
  bytes = test_model_to_bytes (model);
  return write_file (path, g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes)) &&
         write_file (json_path, description, strlen (description));
}

static double
get_frequency_hz (char letter)
{
  switch (letter) {
  case ' ':
    return 300;
  case 'a':
    return 800;
  case 'b':
    return 1500;
  default:
    return 2600;
  }
}

static void
add_letter (float *samples, gsize start, char letter)
{
  gsize end = start + SLOT * 2 / 3;

  if (letter == '_')
    return;
  test_add_tone (samples, start, end, get_frequency_hz (g_ascii_tolower (letter)), RATE);
  for (gsize i = start; i < end && g_ascii_isupper (letter); i++)
    samples[i] *= FAINT;
}

/* Appends @n_bytes of a little-endian number. */
static void
append_number (GByteArray *out, guint32 value, guint n_bytes)
{
  value = GUINT32_TO_LE (value);
  g_byte_array_append (out, (const guint8 *) &value, n_bytes);
}

static void
append_header (GByteArray *out, guint n_channels, guint32 n_bytes)
{
  g_byte_array_append (out, (const guint8 *) "RIFF", 4);
  append_number (out, 36 + n_bytes, 4);
  g_byte_array_append (out, (const guint8 *) "WAVEfmt ", 8);
  append_number (out, 16, 4);
  append_number (out, 1, 2); /* PCM */
  append_number (out, n_channels, 2);
  append_number (out, RATE, 4);
  append_number (out, RATE * 2 * n_channels, 4);
  append_number (out, 2 * n_channels, 2);
  append_number (out, 16, 2);
  g_byte_array_append (out, (const guint8 *) "data", 4);
  append_number (out, n_bytes, 4);
}

static gboolean
write_wav (const char *path, const char *letters, guint n_channels)
{
  gsize n_letters = strlen (letters);
  gsize n_samples = 2 * REST + n_letters * SLOT;
  g_autofree float *samples = g_new0 (float, n_samples); /* [n_samples] */
  g_autoptr (GByteArray) out = g_byte_array_new ();

  for (gsize i = 0; i < n_letters; i++)
    add_letter (samples, REST + i * SLOT, letters[i]);
  append_header (out, n_channels, n_samples * n_channels * 2);
  for (gsize i = 0; i < n_samples; i++)
    for (guint channel = 0; channel < n_channels; channel++)
      append_number (out, (guint16) (gint16) (samples[i] * 32767), 2);
  return write_file (path, out->data, out->len);
}

int
main (int argc, char **argv)
{
  if (argc == 3 && g_str_equal (argv[1], "model"))
    return !write_model (argv[2]);
  if (argc == 4 && g_str_equal (argv[1], "state-dict"))
    return !write_state_dict (argv[2], argv[3]);
  if (argc >= 4 && g_str_equal (argv[1], "wav"))
    return !write_wav (argv[2], argv[3], argc > 4 ? (guint) atoi (argv[4]) : 1);
  fprintf (
      stderr, "usage: fixture model FILE | state-dict FILE JSON | wav FILE LETTERS [CHANNELS]\n");
  return 2;
}
