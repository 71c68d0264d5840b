/*
 * SPDX-FileCopyrightText: The Hearken developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

/* hearken listen: shows what is said into a microphone. */

#include <unistd.h>

#include <glib-unix.h>

#include "command.h"
#include "gsthearkenchannels.h"
#include "live.h"
#include "microphones.h"
#include "pipeline.h"
#include "recognition.h"
#include "setup.h"
#include "terminal.h"

/* How often words are redrawn that are still being said. */
#define REDRAW_MS 100
/* Too short to be seen. */
#define CHUNK_MS 80

typedef struct {
  GMainLoop *loop;
  ToolPipeline *pipeline;
  ToolLive *live;
  gboolean has_failed;
} Listen;

static char *device_name;
static char *source_description;
static gboolean clean_up;

static const GOptionEntry entries[] = {
  { "device", 'd', 0, G_OPTION_ARG_STRING, &device_name,
      "The microphone: a number or a name that hearken devices lists", "DEVICE" },
  { "clean-up", 'c', 0, G_OPTION_ARG_NONE, &clean_up,
      "Write as people do: numbers in digits, capitals (English)", NULL },
  { "source", 0, 0, G_OPTION_ARG_STRING, &source_description,
      "Listen to GStreamer elements, in the notation of gst-launch-1.0", "ELEMENTS" },
  { NULL },
};

static const char description[] =
    "On a terminal, words are shown while they are said. Ctrl-C ends it, with the last words.\n"
    "Times are in seconds since the start.\n"
    "\n"
    "  hearken listen\n"
    "  hearken listen --device 2\n"
    "  hearken listen --source 'udpsrc port=5004 caps=application/x-rtp,media=audio,"
    "clock-rate=48000,encoding-name=OPUS ! rtpopusdepay ! opusdec'";

static void
fail (Listen *self, const char *text)
{
  if (!self->has_failed)
    tool_complain ("%s", text);
  self->has_failed = TRUE;
  g_main_loop_quit (self->loop);
}

static void
show (Listen *self, const char *text)
{
  g_autoptr (GError) error = NULL;

  if (*text && !tool_print (text, &error))
    fail (self, error->message);
}

static void
heard (const HearkenToken *token, gpointer data)
{
  Listen *self = data;

  show (self, tool_live_hear (self->live, token, tool_terminal_get_width (STDOUT_FILENO)));
}

static void
ended (const GError *error, gpointer data)
{
  Listen *self = data;

  show (self, tool_live_break_off (self->live));
  if (error) { /* which may name nothing */
    g_autofree char *text =
        g_strconcat (source_description ? "the source: " : "", error->message, NULL);

    fail (self, text);
  }
  g_main_loop_quit (self->loop);
}

/* Whether the machine has any; where it has none, GStreamer's messages say no more than that. */
static gboolean
has_microphone (void)
{
  GList *devices = tool_microphones_list ();
  gboolean has_any = devices != NULL;

  g_list_free_full (devices, gst_object_unref);
  return has_any;
}

static void
warned (const GError *warning, gpointer data)
{
  Listen *self = data;

  /* An automatic source that cannot record goes on with silence. */
  if (warning->domain != GST_RESOURCE_ERROR)
    tool_complain ("%s", warning->message);
  else if (source_description || has_microphone ())
    fail (self, warning->message);
  else
    fail (self, TOOL_NO_MICROPHONE);
}

static gboolean
interrupted (gpointer data)
{
  Listen *self = data;

  tool_pipeline_finish (self->pipeline);
  return G_SOURCE_REMOVE; /* the next one has the usual effect */
}

/* Returns: (transfer floating) (nullable): a bin of the --source; %NULL with @error set */
static GstElement *
parse_source (GError **error)
{
  /* Whatever pads the last element gets later, one with audio is linked. */
  g_autofree char *elements = g_strconcat (source_description, " ! audioconvert name=audio", NULL);
  GstElement *bin = gst_parse_bin_from_description_full (
      elements, FALSE, NULL, GST_PARSE_FLAG_FATAL_ERRORS, error);
  g_autoptr (GstElement) last = bin ? gst_bin_get_by_name (GST_BIN (bin), "audio") : NULL;
  g_autoptr (GstPad) pad = last ? gst_element_get_static_pad (last, "src") : NULL;

  if (pad) {
    gst_hearken_channels_mix_unplaced (last);
    gst_element_add_pad (bin, gst_ghost_pad_new ("src", pad));
  }
  return bin;
}

/* Returns: (transfer floating) (nullable): %NULL with @error set */
static GstElement *
make_source (GError **error)
{
  GstElement *source;

  if (source_description)
    return parse_source (error);
  if (device_name) {
    g_autoptr (GstDevice) device = tool_microphone_find (device_name, error);

    return device ? gst_device_create_element (device, NULL) : NULL;
  }
  source = gst_element_factory_make ("autoaudiosrc", NULL);
  if (!source)
    g_set_error (error, GST_CORE_ERROR, GST_CORE_ERROR_MISSING_PLUGIN,
        "GStreamer has no element autoaudiosrc here (Debian: gstreamer1.0-plugins-good)");
  return source;
}

/* Returns: an exit status */
static int
listen_to (GstElement *source, GstElement *listener)
{
  static const ToolPipelineCallbacks callbacks = { heard, warned, ended };
  Listen self = { 0 };

  g_object_set (listener, "partial-interval", REDRAW_MS, "clean-up", clean_up, NULL);
  self.loop = g_main_loop_new (NULL, FALSE);
  self.live = tool_live_new (isatty (STDOUT_FILENO));
  self.pipeline = tool_pipeline_new (source, listener, &callbacks, &self);
  g_unix_signal_add (SIGINT, interrupted, &self);
  g_unix_signal_add (SIGTERM, interrupted, &self);
  tool_pipeline_start (self.pipeline, NULL);
  g_main_loop_run (self.loop);

  tool_pipeline_free (self.pipeline);
  tool_live_free (self.live);
  g_main_loop_unref (self.loop);
  return self.has_failed ? TOOL_FAILED : TOOL_OK;
}

/* Returns: an exit status */
static int
listen_with (const ToolRecognition *recognition)
{
  g_autoptr (GError) error = NULL;
  GstElement *source = make_source (&error);

  if (source)
    return listen_to (source, tool_recognition_make_listener (recognition, CHUNK_MS));
  tool_complain ("%s", error->message);
  return TOOL_FAILED;
}

int
tool_listen (int argc, char **argv)
{
  ToolRecognition recognition = { 0 };
  int status;

  if (!tool_parse_options (&argc, &argv, entries, tool_recognition_entries, NULL, description))
    return TOOL_USAGE;
  if (argc > 1)
    return tool_misused ("what is \"%s\"? Files are for hearken transcribe", argv[1]);
  if (device_name && source_description)
    return tool_misused ("--device and --source exclude each other");
  if (!tool_setup_gstreamer ())
    return TOOL_FAILED;
  recognition.cleans_up = clean_up;
  status = tool_recognition_load (&recognition);
  if (status == TOOL_OK)
    status = listen_with (&recognition);
  tool_recognition_clear (&recognition);
  return status;
}
