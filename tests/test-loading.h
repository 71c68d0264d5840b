/*
 * SPDX-FileCopyrightText: The Hearken developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

/* Model files on disk, and what loading them says. */
#pragma once

#include "model.h"
#include "test-models.h"

/* Loads from memory; it must work. */
HearkenModel *test_load (const TestModel *description);

/* Loading @path must fail with @code, and a message of one line that has the path and the words
 * @about (the tensor or key at fault) and @reason. */
void test_assert_path_refused (const char *path, int code, const char *about, const char *reason);
/* The same, for a file written for the purpose. */
void test_assert_refused (
    const TestModel *description, int code, const char *about, const char *reason);

/* Of a path from test_model_to_file() that ends in ".safetensors". */
char *test_get_sidecar (const char *path);
void test_write_sidecar (const char *path, const char *text);
/* Removes the file, its sidecar and their directory; frees the path. */
void test_remove_file (char *path);
