/*
 * SPDX-FileCopyrightText: The Hearken developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

/* The cases of tests/golden/frontend.safetensors, for the tests of the front end. */
#pragma once

#include "frontend.h"
#include "safetensors.h"

/* Returns: (transfer full): the names of the cases, NULL-terminated */
char **test_frontend_list_cases (const HearkenSafetensors *golden);
/* Returns: (transfer full): the front end of a case, with its normalisation */
HearkenFrontend *test_frontend_new (const HearkenSafetensors *golden, const char *name);

/* Pulls all frames there are and appends their values to @frames (of float). */
void test_frontend_pull_all (
    const HearkenFrontend *frontend, HearkenFrontendStream *stream, GArray *frames);
/* Pushes samples and pulls the frames that they complete. */
void test_frontend_push (const HearkenFrontend *frontend, HearkenFrontendStream *stream,
    const float *samples, gsize n_samples, GArray *frames);
/* A whole stream. Returns: (transfer full): [n_frames][dim] floats */
GArray *test_frontend_run (const HearkenFrontend *frontend, const float *samples, gsize n_samples);
