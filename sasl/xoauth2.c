/*
 * A client plugin for Cyrus SASL: the mechanisms XOAUTH2 (developers.google.com, "XOAUTH2
 * Mechanism") and OAUTHBEARER (RFC 7628). Both send an OAuth 2 access token; the plugin takes it
 * in the place of the password, so Postfix needs only its usual callbacks.
 *
 * The exchange: the client sends its name and the token at once. The server accepts, or sends a
 * JSON text that says why not; the client acknowledges that, and the server then refuses.
 */
#include <stdbool.h>
#include <stddef.h>
#include <string.h>

#include <sasl/sasl.h>
#include <sasl/saslplug.h>

/* Names and tokens of real providers have at most a few kilobytes. */
#define MOST_NAME 1024
#define MOST_TOKEN 65536
/* So much of a server's reason goes into the log. */
#define MOST_REASON 400

/* The separator between the pairs of the message (RFC 7628 section 3.1, "kvsep"). */
#define SEPARATOR '\x01'

typedef enum { XOAUTH2, OAUTHBEARER } mechanism_t;
typedef enum { START, SENT, REFUSED } state_t;

typedef struct {
    mechanism_t mechanism;
    state_t state;
    char *message;
    size_t length;
    size_t room;
} context_t;

/* The glob_context of each mechanism in the list below. */
static const mechanism_t mechanisms[] = {XOAUTH2, OAUTHBEARER};

static int new_context(void *global, sasl_client_params_t *params, void **result)
{
    context_t *context = params->utils->malloc(sizeof *context);
    if (context == NULL) return SASL_NOMEM;
    *context = (context_t){.mechanism = *(const mechanism_t *)global, .state = START};
    *result = context;
    return SASL_OK;
}

static void free_context(void *given, const sasl_utils_t *utils)
{
    context_t *context = given;
    if (context == NULL) return;
    if (context->message != NULL) {
        utils->erasebuffer(context->message, (unsigned)context->room);
        utils->free(context->message);
    }
    utils->free(context);
}

/* Asks the application for the login name. */
static int ask_name(sasl_client_params_t *params, const char **name, unsigned *length)
{
    sasl_callback_ft callback;
    void *application;
    const sasl_utils_t *utils = params->utils;
    int status = utils->getcallback(utils->conn, SASL_CB_AUTHNAME, &callback, &application);
    if (status != SASL_OK) return status;
    sasl_getsimple_t *ask = (sasl_getsimple_t *)(void (*)(void))callback;
    status = ask(application, SASL_CB_AUTHNAME, name, length);
    if (status != SASL_OK) return status;
    if (*name == NULL) return SASL_BADPARAM;
    /* An application may leave the length out. */
    *length = (unsigned)strlen(*name);
    return SASL_OK;
}

/* Asks the application for what stands in the password's place. */
static int ask_token(sasl_client_params_t *params, const sasl_secret_t **token)
{
    sasl_callback_ft callback;
    void *application;
    sasl_secret_t *secret = NULL;
    const sasl_utils_t *utils = params->utils;
    int status = utils->getcallback(utils->conn, SASL_CB_PASS, &callback, &application);
    if (status != SASL_OK) return status;
    sasl_getsecret_t *ask = (sasl_getsecret_t *)(void (*)(void))callback;
    status = ask(utils->conn, application, SASL_CB_PASS, &secret);
    if (status != SASL_OK) return status;
    if (secret == NULL) return SASL_BADPARAM;
    *token = secret;
    return SASL_OK;
}

/* A name may have other scripts in it, and nothing that would end it or the line. */
static bool is_name(const char *text, size_t length)
{
    if (length == 0 || length > MOST_NAME) return false;
    for (size_t at = 0; at < length; at++) {
        unsigned char c = (unsigned char)text[at];
        if (c < 0x20 || c == 0x7f) return false;
    }
    return true;
}

/* A token is visible ASCII (RFC 6750 section 2.1 allows even less). */
static bool is_token(const unsigned char *text, size_t length)
{
    if (length > MOST_TOKEN) return false;
    for (size_t at = 0; at < length; at++) {
        if (text[at] < 0x21 || text[at] > 0x7e) return false;
    }
    return true;
}

static void add(context_t *context, const char *text, size_t length)
{
    memcpy(context->message + context->length, text, length);
    context->length += length;
}

static void add_text(context_t *context, const char *text)
{
    add(context, text, strlen(text));
}

static void add_separator(context_t *context)
{
    context->message[context->length++] = SEPARATOR;
}

/* "=" and "," have a meaning of their own in a GS2 header (RFC 5801 section 4, "saslname"). */
static void add_escaped(context_t *context, const char *name, size_t length)
{
    for (size_t at = 0; at < length; at++) {
        if (name[at] == '=') add_text(context, "=3D");
        else if (name[at] == ',') add_text(context, "=2C");
        else add(context, name + at, 1);
    }
}

static int write_message(context_t *context, sasl_client_params_t *params, const char *name,
                         size_t name_length, const sasl_secret_t *token)
{
    const char *host = params->serverFQDN == NULL ? "" : params->serverFQDN;
    /* The fixed words have less than a hundred characters; an escaped one has three. */
    context->room = 100 + 3 * name_length + strlen(host) + token->len;
    context->message = params->utils->malloc(context->room);
    if (context->message == NULL) return SASL_NOMEM;
    if (context->mechanism == XOAUTH2) {
        add_text(context, "user=");
        add(context, name, name_length);
        add_separator(context);
    } else {
        add_text(context, "n,a=");
        add_escaped(context, name, name_length);
        add_text(context, ",");
        add_separator(context);
        if (*host != '\0') {
            add_text(context, "host=");
            add_text(context, host);
            add_separator(context);
        }
    }
    add_text(context, "auth=Bearer ");
    add(context, (const char *)token->data, token->len);
    add_separator(context);
    add_separator(context);
    return SASL_OK;
}

/* The first message: the name and the token. */
static int send_token(context_t *context, sasl_client_params_t *params, const char **output,
                      unsigned *output_length, sasl_out_params_t *oparams)
{
    const char *name;
    unsigned name_length;
    const sasl_secret_t *token;
    const sasl_utils_t *utils = params->utils;
    int status = ask_name(params, &name, &name_length);
    if (status == SASL_OK) status = ask_token(params, &token);
    if (status != SASL_OK) return status;
    if (!is_name(name, name_length)) {
        utils->seterror(utils->conn, 0, "the login name is empty, too long or not one line");
        return SASL_BADPARAM;
    }
    if (token->len == 0) {
        utils->seterror(utils->conn, 0, "there is no access token yet");
        return SASL_EXPIRED;
    }
    if (!is_token(token->data, token->len)) {
        utils->seterror(utils->conn, 0, "the access token is not one word of ASCII");
        return SASL_BADPARAM;
    }
    status = params->canon_user(utils->conn, name, name_length,
                                SASL_CU_AUTHID | SASL_CU_AUTHZID, oparams);
    if (status == SASL_OK) status = write_message(context, params, name, name_length, token);
    if (status != SASL_OK) return status;
    *output = context->message;
    *output_length = (unsigned)context->length;
    context->state = SENT;
    return SASL_CONTINUE;
}

/* The server's reason is text from outside: one line of visible ASCII goes into the log. */
static void log_reason(const sasl_utils_t *utils, const char *input, unsigned length)
{
    char reason[MOST_REASON + 1];
    size_t count = 0;
    for (unsigned at = 0; at < length && count < MOST_REASON; at++) {
        unsigned char c = (unsigned char)input[at];
        if (c >= 0x20 && c < 0x7f) reason[count++] = (char)c;
    }
    reason[count] = '\0';
    utils->log(utils->conn, SASL_LOG_FAIL, "the server does not accept the token: %s", reason);
}

/*
 * The second message acknowledges the reason: empty for XOAUTH2, one separator for OAUTHBEARER
 * (RFC 7628 section 3.2.3).
 */
static int acknowledge(context_t *context, sasl_client_params_t *params, const char *input,
                       unsigned input_length, const char **output, unsigned *output_length)
{
    static const char dummy[] = {SEPARATOR};
    log_reason(params->utils, input, input_length);
    *output = context->mechanism == XOAUTH2 ? "" : dummy;
    *output_length = context->mechanism == XOAUTH2 ? 0U : (unsigned)sizeof dummy;
    context->state = REFUSED;
    return SASL_CONTINUE;
}

static int step(void *given, sasl_client_params_t *params, const char *input,
                unsigned input_length, sasl_interact_t **prompts, const char **output,
                unsigned *output_length, sasl_out_params_t *oparams)
{
    context_t *context = given;
    (void)prompts;
    *output = NULL;
    *output_length = 0;
    oparams->doneflag = 0;
    /* No layer of SASL's own: TLS protects the connection. */
    oparams->mech_ssf = 0;
    oparams->maxoutbuf = 0;
    oparams->encode = NULL;
    oparams->decode = NULL;
    oparams->param_version = 0;
    switch (context->state) {
    case START:
        return send_token(context, params, output, output_length, oparams);
    case SENT:
        return acknowledge(context, params, input, input_length, output, output_length);
    case REFUSED:
        break;
    }
    return SASL_BADPROT;
}

/*
 * An intercepted token is valid for an hour at most, so it counts as better than a password. If the
 * server offers both, the strength (60) decides for the token.
 */
#define PLUGIN(name, mechanism)                                                              \
    {                                                                                        \
        .mech_name = name, .max_ssf = 60,                                                    \
        .security_flags = SASL_SEC_NOPLAINTEXT | SASL_SEC_NOANONYMOUS,                       \
        .features = SASL_FEAT_WANT_CLIENT_FIRST, .glob_context = (void *)(mechanism),        \
        .mech_new = new_context, .mech_step = step, .mech_dispose = free_context,            \
    }

static sasl_client_plug_t plugins[] = {
    PLUGIN("XOAUTH2", &mechanisms[XOAUTH2]),
    PLUGIN("OAUTHBEARER", &mechanisms[OAUTHBEARER]),
};

/* The entry point for libsasl2; all other symbols are hidden. */
__attribute__((visibility("default"))) sasl_client_plug_init_t sasl_client_plug_init;

int sasl_client_plug_init(const sasl_utils_t *utils, int most_version, int *version,
                          sasl_client_plug_t **list, int *count)
{
    if (most_version < SASL_CLIENT_PLUG_VERSION) {
        utils->seterror(utils->conn, 0, "this plugin needs a newer Cyrus SASL");
        return SASL_BADVERS;
    }
    *version = SASL_CLIENT_PLUG_VERSION;
    *list = plugins;
    *count = sizeof plugins / sizeof plugins[0];
    return SASL_OK;
}
