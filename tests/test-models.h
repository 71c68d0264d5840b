/*
 * SPDX-FileCopyrightText: The Hearken developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

/* Models for the tests, written in memory. */
#pragma once

#include <glib.h>
#include <stdint.h>

/*
 * Deterministic values in [-bound, bound), equal to the last bit in tests/golden/generate.py:
 * value i of a stream with a seed is bound * (hash (seed, i) * 2^-23 - 1), where hash gives 24 bits.
 */
void test_random_floats (guint32 seed, float bound, float *values, gsize n_values);

/* Builds a safetensors file. */
typedef struct TestModel TestModel;

TestModel *test_model_new (void);
void test_model_free (TestModel *model);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TestModel, test_model_free)

/* Sets a __metadata__ entry; NULL removes it. */
void test_model_set (TestModel *model, const char *key, const char *value);
/* Adds or replaces a tensor; dtype is "F32", "F16", "I8", "F64" …; @data little-endian, copied. */
void test_model_add (TestModel *model, const char *name, const char *dtype, gsize n_dims,
    const gsize *dims, gconstpointer data, gsize n_bytes);
/* The same for F32. n_dims 1 or 2; @cols is 0 for a vector. */
void test_model_add_floats (
    TestModel *model, const char *name, gsize rows, gsize cols, const float *values);
void test_model_remove (TestModel *model, const char *name);
GBytes *test_model_to_bytes (const TestModel *model);
/* Writes it to a new temporary directory; the caller frees the path and removes the file. */
char *test_model_to_file (const TestModel *model, const char *base_name);

/*
 * A model that hears tones: CTC over Kaldi filterbanks (8 mel bands, 16 kHz unless said otherwise,
 * 25 ms / 10 ms), linear layers with weights made by hand, so that tests know what must be
 * recognised and when. Tokens: 0 "<blank>", 1 " " (a tone of 300 Hz separates words), 2 "a"
 * (a tone of 800 Hz), 3 "b" (1500 Hz), 4 "c" (2600 Hz); silence is blank.
 */
TestModel *test_model_tones (guint sample_rate_hz);
/* Adds a sine of amplitude 0.5 with that frequency to samples [start, end). */
void test_add_tone (
    float *samples, gsize start, gsize end, double frequency_hz, guint sample_rate_hz);

/* The classic PyTorch LSTMModel: MFCC → 2 layers of LSTM → fc, random weights, task "ctc" or
 * "classify", 5 tokens. Its state is carried, so its outputs depend on all that was heard. */
TestModel *test_model_classic (const char *task);
