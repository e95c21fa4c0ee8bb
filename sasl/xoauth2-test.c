/*
 * Conversations with the plugin through the client interface of libsasl2, as Postfix holds them.
 * Prints a line for each case; the exit status says whether all went well.
 */
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <sasl/sasl.h>
#include <sasl/saslplug.h>

extern sasl_client_plug_init_t sasl_client_plug_init;

static int failures = 0;

static void expect(const char *what, bool is_right)
{
    printf("%s: %s\n", is_right ? "ok" : "FAILED", what);
    if (!is_right) failures++;
}

/* The values from the callbacks below, and their arguments. */
static const char *name;
static sasl_secret_t *token;
static char logged[1024];

static int give_name(void *context, int id, const char **result, unsigned *length)
{
    (void)context;
    (void)id;
    *result = name;
    if (length != NULL) *length = (unsigned)strlen(name);
    return SASL_OK;
}

static int give_token(sasl_conn_t *connection, void *context, int id, sasl_secret_t **result)
{
    (void)connection;
    (void)context;
    (void)id;
    *result = token;
    return SASL_OK;
}

static int keep_log(void *context, int level, const char *message)
{
    (void)context;
    if (level == SASL_LOG_FAIL) snprintf(logged, sizeof logged, "%s", message);
    return SASL_OK;
}

#define CALLBACK(id, function) {id, (int (*)(void))(void (*)(void))(function), NULL}

/* Those that Postfix has (xsasl_cyrus_client.c), and no prompts. */
static const sasl_callback_t callbacks[] = {
    CALLBACK(SASL_CB_USER, give_name),
    CALLBACK(SASL_CB_AUTHNAME, give_name),
    CALLBACK(SASL_CB_PASS, give_token),
    CALLBACK(SASL_CB_LOG, keep_log),
    {SASL_CB_LIST_END, NULL, NULL},
};

static void set_token(const char *text, size_t length)
{
    free(token);
    token = malloc(sizeof *token + length);
    if (token == NULL) abort();
    token->len = length;
    memcpy(token->data, text, length);
}

static sasl_conn_t *connect_to(const char *host)
{
    sasl_conn_t *connection;
    if (sasl_client_new("smtp", host, NULL, NULL, callbacks, 0, &connection) != SASL_OK) abort();
    const sasl_security_properties_t properties = {.security_flags = SASL_SEC_NOANONYMOUS};
    if (sasl_setprop(connection, SASL_SEC_PROPS, &properties) != SASL_OK) abort();
    return connection;
}

static int start(sasl_conn_t *connection, const char *list, const char **output,
                 unsigned *length, const char **chosen)
{
    *output = NULL;
    *length = 0;
    *chosen = "";
    logged[0] = '\0';
    return sasl_client_start(connection, list, NULL, output, length, chosen);
}

static bool is_text(const char *output, unsigned length, const char *wanted, size_t wanted_length)
{
    return length == wanted_length &&
           (length == 0 || (output != NULL && memcmp(output, wanted, length) == 0));
}

#define IS(wanted) is_text(output, length, wanted, sizeof(wanted) - 1)

static void first_messages(void)
{
    const char *output, *chosen;
    unsigned length;

    name = "hoge@isp.example";
    set_token("ya29.a-b_c~d+e/f==", 18);
    sasl_conn_t *connection = connect_to("mail.isp.example");
    int status = start(connection, "XOAUTH2", &output, &length, &chosen);
    expect("XOAUTH2 sends the name and the token at once", status == SASL_CONTINUE &&
           IS("user=hoge@isp.example\1auth=Bearer ya29.a-b_c~d+e/f==\1\1"));
    sasl_dispose(&connection);

    name = "a=b,c@isp.example";
    connection = connect_to("mail.isp.example");
    status = start(connection, "OAUTHBEARER", &output, &length, &chosen);
    expect("OAUTHBEARER escapes the name and says the host", status == SASL_CONTINUE &&
           IS("n,a=a=3Db=2Cc@isp.example,\1host=mail.isp.example\1"
              "auth=Bearer ya29.a-b_c~d+e/f==\1\1"));
    sasl_dispose(&connection);

    name = "\xe9\xa3\x9b\xe8\x84\x9a@isp.example";
    connection = connect_to(NULL);
    status = start(connection, "OAUTHBEARER", &output, &length, &chosen);
    expect("a name in another script, and no host", status == SASL_CONTINUE &&
           IS("n,a=\xe9\xa3\x9b\xe8\x84\x9a@isp.example,\1auth=Bearer ya29.a-b_c~d+e/f==\1\1"));
    sasl_dispose(&connection);
}

static void long_tokens(void)
{
    static char text[65537];
    const char *output, *chosen;
    unsigned length;
    memset(text, 'x', sizeof text);
    name = "hoge@isp.example";
    static const struct {
        size_t length;
        int status;
    } cases[] = {{1, SASL_CONTINUE},     {4096, SASL_CONTINUE}, {16384, SASL_CONTINUE},
                 {65536, SASL_CONTINUE}, {65537, SASL_BADPARAM}};
    for (size_t at = 0; at < sizeof cases / sizeof cases[0]; at++) {
        set_token(text, cases[at].length);
        sasl_conn_t *connection = connect_to("mail.isp.example");
        int status = start(connection, "XOAUTH2", &output, &length, &chosen);
        char what[64];
        snprintf(what, sizeof what, "a token of %zu bytes", cases[at].length);
        expect(what, status == cases[at].status &&
               (status != SASL_CONTINUE || length == 36 + cases[at].length));
        sasl_dispose(&connection);
    }
}

static void refused_texts(void)
{
    static const struct {
        const char *what;
        const char *name;
        const char *token;
        size_t length;
        int status;
    } cases[] = {
        {"an empty token", "hoge", "", 0, SASL_EXPIRED},
        {"a token with a separator", "hoge", "a\1b", 3, SASL_BADPARAM},
        {"a token with a line break", "hoge", "a\nb", 3, SASL_BADPARAM},
        {"a token with a NUL", "hoge", "a\0b", 3, SASL_BADPARAM},
        {"a token with a blank", "hoge", "a b", 3, SASL_BADPARAM},
        {"a token with DEL", "hoge", "a\x7f", 2, SASL_BADPARAM},
        {"a token beyond ASCII", "hoge", "\xc3\xbc", 2, SASL_BADPARAM},
        {"an empty name", "", "t", 1, SASL_BADPARAM},
        {"a name with a separator", "ho\1ge", "t", 1, SASL_BADPARAM},
        {"a name with a line break", "ho\r\nge", "t", 1, SASL_BADPARAM},
    };
    const char *output, *chosen;
    unsigned length;
    for (size_t at = 0; at < sizeof cases / sizeof cases[0]; at++) {
        name = cases[at].name;
        set_token(cases[at].token, cases[at].length);
        sasl_conn_t *connection = connect_to("mail.isp.example");
        int status = start(connection, "XOAUTH2", &output, &length, &chosen);
        expect(cases[at].what, status == cases[at].status && output == NULL && length == 0);
        sasl_dispose(&connection);
    }
}

static void refusals(void)
{
    static const char reason[] = "{\"status\":\"400\",\"schemes\":\"Bearer\"}";
    const char *output, *chosen;
    unsigned length;
    name = "hoge";
    set_token("t", 1);

    sasl_conn_t *connection = connect_to("mail.isp.example");
    start(connection, "XOAUTH2", &output, &length, &chosen);
    int status = sasl_client_step(connection, reason, sizeof reason - 1, NULL, &output, &length);
    expect("XOAUTH2 answers a reason with nothing", status == SASL_CONTINUE && length == 0);
    expect("the reason is logged", strstr(logged, reason) != NULL);
    status = sasl_client_step(connection, "", 0, NULL, &output, &length);
    expect("another challenge breaks the protocol", status == SASL_BADPROT);
    sasl_dispose(&connection);

    connection = connect_to("mail.isp.example");
    start(connection, "OAUTHBEARER", &output, &length, &chosen);
    status = sasl_client_step(connection, reason, sizeof reason - 1, NULL, &output, &length);
    expect("OAUTHBEARER answers a reason with one separator",
           status == SASL_CONTINUE && IS("\1"));
    sasl_dispose(&connection);

    connection = connect_to("mail.isp.example");
    start(connection, "XOAUTH2", &output, &length, &chosen);
    status = sasl_client_step(connection, NULL, 0, NULL, &output, &length);
    expect("an empty reason", status == SASL_CONTINUE && length == 0);
    sasl_dispose(&connection);

    static char odd[4096];
    memset(odd, '\n', sizeof odd);
    memset(odd + 100, '%', 2000);
    connection = connect_to("mail.isp.example");
    start(connection, "XOAUTH2", &output, &length, &chosen);
    status = sasl_client_step(connection, odd, sizeof odd, NULL, &output, &length);
    expect("a hostile reason is cut, without control characters", status == SASL_CONTINUE &&
           strchr(logged, '\n') == NULL && strlen(logged) < 500 && strstr(logged, "%%%") != NULL);
    sasl_dispose(&connection);
}

static void choices(void)
{
    const char *output, *chosen;
    unsigned length;
    name = "hoge";
    set_token("t", 1);
    sasl_conn_t *connection = connect_to("mail.isp.example");
    start(connection, "PLAIN LOGIN XOAUTH2", &output, &length, &chosen);
    expect("XOAUTH2 goes before PLAIN and LOGIN", strcmp(chosen, "XOAUTH2") == 0);
    sasl_dispose(&connection);
    /* Some callers take the connection down before the server has answered. */
    connection = connect_to("mail.isp.example");
    sasl_dispose(&connection);
}

int main(void)
{
    if (sasl_client_init(callbacks) != SASL_OK) return 2;
    if (sasl_client_add_plugin("xoauth2", sasl_client_plug_init) != SASL_OK) return 2;
    first_messages();
    long_tokens();
    refused_texts();
    refusals();
    choices();
    free(token);
    sasl_client_done();
    printf("%d failures\n", failures);
    return failures == 0 ? 0 : 1;
}
