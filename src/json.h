/*
 * SPDX-FileCopyrightText: The Hearken developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

/*
 * JSON from strangers: strict parsing, and the members of an object read by name with their types
 * and ranges checked. Errors are in HEARKEN_MODEL_ERROR.
 */
#pragma once

#include <glib.h>
#include <json-glib/json-glib.h>
#include <stdbool.h>

/* Exactly RFC 8259, in UTF-8, nested 16 deep at most, without duplicate names. NUL in strings and
 * integers beyond 18 digits are refused. @code: of the error. Returns: (transfer full) (nullable)
 */
JsonNode *hearken_json_parse (const char *text, gsize n_bytes, int code, GError **error);

/*
 * Reading an object: every member is asked for by name, then hearken_fields_finish() tells the
 * first fault there was, or else a member that nobody asked for. After a fault the getters return
 * defaults.
 */
typedef struct {
  char *where; /* what messages call the object */
  JsonObject *object;
  GHashTable *known; /* names asked for */
  GError *error;     /* the first fault */
} HearkenFields;

/* @node: not an object is a fault like others, and reads as an empty object */
void hearken_fields_init (HearkenFields *fields, const char *where, JsonNode *node);
/* For an object that is a member of @parent; absent or null reads as an empty object. A fault in it
 * becomes one of @parent when it is finished with hearken_fields_finish_member(). */
void hearken_fields_init_member (HearkenFields *fields, HearkenFields *parent, const char *name);
void hearken_fields_finish_member (HearkenFields *fields, HearkenFields *parent);
/* Frees everything. Returns: false with @error set if there was a fault */
bool hearken_fields_finish (HearkenFields *fields, GError **error);

/* Notes a fault: "WHERE: MESSAGE". */
void hearken_fields_fail (HearkenFields *fields, int code, const char *format, ...)
    G_GNUC_PRINTF (3, 4);

/* Whether there is a member of that name that is not null. */
bool hearken_fields_has (HearkenFields *fields, const char *name);
JsonNode *hearken_fields_get_node (HearkenFields *fields, const char *name);

/* Absent members have the value @otherwise; null is a fault. */

double hearken_fields_get_number (
    HearkenFields *fields, const char *name, double otherwise, double min, double max);
guint hearken_fields_get_count (
    HearkenFields *fields, const char *name, guint otherwise, guint min, guint max);
bool hearken_fields_get_flag (HearkenFields *fields, const char *name, bool otherwise);
/* With @otherwise NULL the member must be there. Never returns NULL. */
const char *hearken_fields_get_string (
    HearkenFields *fields, const char *name, const char *otherwise);
/* @choices: NULL-terminated. Returns: the index of the value, of @choices[0] if absent. Another value
 * is a fault, HEARKEN_MODEL_ERROR_UNSUPPORTED. */
guint hearken_fields_get_choice (
    HearkenFields *fields, const char *name, const char *const *choices);
/* Settings that exist, but of which only one value can be had: @why says why. */
void hearken_fields_insist_number (
    HearkenFields *fields, const char *name, double value, const char *why);
void hearken_fields_insist_flag (
    HearkenFields *fields, const char *name, bool value, const char *why);
