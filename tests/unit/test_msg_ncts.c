/* msg/fmt_ncts: what contradicts the schema of a transit message is said with its place. tests/golden/test_ncts_shared.c
 * compares every verdict with that of libxml2 and the schemas. */
#include "codec/xml.h"
#include "msg/msg.h"
#include "unit.h"

#define HEAD                                                                                       \
	"<n:CC007C PhaseID=\"NCTS5.0\" xmlns:n=\"http://ncts.dgtaxud.ec\">\n<messageSender>S"      \
	"</messageSender><messageRecipient>R</messageRecipient>\n<preparationDateAndTime>"         \
	"2026-01-05T07:15:00</preparationDateAndTime><messageIdentification>I"                     \
	"</messageIdentification><messageType>CC007C</messageType>\n"
#define OPERATION                                                                                  \
	"<TransitOperation><MRN>23GB12345678901235</MRN><arrivalNotificationDateAndTime>"          \
	"2026-01-05T07:15:00</arrivalNotificationDateAndTime><simplifiedProcedure>0"               \
	"</simplifiedProcedure><incidentFlag>0</incidentFlag></TransitOperation>\n"
#define DESTINATION                                                                                \
	"<CustomsOfficeOfDestinationActual><referenceNumber>GB000060</referenceNumber>"            \
	"</CustomsOfficeOfDestinationActual>\n<TraderAtDestination><identificationNumber>T1"       \
	"</identificationNumber></TraderAtDestination>\n"
#define GOODS                                                                                      \
	"<Consignment><LocationOfGoods><typeOfLocation>B</typeOfLocation>"                         \
	"<qualifierOfIdentification>V</qualifierOfIdentification><CustomsOffice><referenceNumber>" \
	"GB000060</referenceNumber></CustomsOffice></LocationOfGoods></Consignment>\n"
#define TAIL "</n:CC007C>\n"

static struct span found(struct arena *a, const char *text)
{
	struct text t = text_in(a);
	struct findings f;
	struct codec_fault fault;
	const struct msg_format *format = msg_recognise_any(span_of(text));

	assert_non_null(format);
	assert_string_equal(format->id, "ncts");
	if (msg_check(a, span_of(text), format, &f, &fault))
		fail_msg("%u:%u %s", fault.line, fault.column, fault.text);
	for (uint32_t i = 0; i < f.list.n; i++) {
		const struct finding *x = &f.list.v[i];

		text_print(&t, "%u %s %.*s", x->line, finding_id(x->rule), SPAN_ARG(x->pointer));
		for (uint32_t j = 0; j < x->values; j++)
			text_print(&t, " [%.*s]", SPAN_ARG(x->value[j]));
		text_char(&t, '\n');
	}
	text_char(&t, 0);
	t.n--;
	return text_as_span(&t);
}

static void expect(struct arena *a, const char *text, const char *findings)
{
	struct span got = found(a, text);

	if (!span_is(got, findings))
		fail_msg("%.*s\n---- differs from ----\n%s", SPAN_ARG(got), findings);
}

static void test_valid(void **state)
{
	expect(*state, HEAD OPERATION DESTINATION GOODS TAIL, "");
}

static void test_structure(void **state)
{
	expect(*state, HEAD DESTINATION GOODS TAIL,
	       "4 schema.missing /CC007C/TransitOperation [TransitOperation] [CC007C]\n");
	expect(*state, HEAD OPERATION OPERATION DESTINATION GOODS TAIL,
	       "5 schema.too-many /CC007C/TransitOperation [TransitOperation] [1]\n");
	expect(*state, HEAD OPERATION GOODS TAIL,
	       "5 schema.missing /CC007C/CustomsOfficeOfDestinationActual "
	       "[CustomsOfficeOfDestinationActual] [CC007C]\n"
	       "5 schema.missing /CC007C/TraderAtDestination [TraderAtDestination] [CC007C]\n");
	expect(*state, HEAD OPERATION DESTINATION TAIL,
	       "1 schema.missing /CC007C/Consignment [Consignment] [CC007C]\n");
	expect(*state, HEAD OPERATION DESTINATION GOODS "<hat><messageSender/></hat>\n" TAIL,
	       "8 schema.unexpected /CC007C/hat [hat] [Consignment]\n");
	expect(*state, HEAD OPERATION DESTINATION "words\n" GOODS TAIL,
	       "8 schema.unexpected /CC007C [words] [/]\n");
}

static void test_values(void **state)
{
	expect(*state,
	       HEAD "<TransitOperation><MRN>nonsense</MRN><arrivalNotificationDateAndTime>"
		    "2026-02-30T07:15:00</arrivalNotificationDateAndTime>\n<simplifiedProcedure> 1 "
		    "</simplifiedProcedure><incidentFlag>2</incidentFlag></TransitOperation>\n"
		    "<Authorisation><sequenceNumber>0</sequenceNumber><type>C521</type>"
		    "<referenceNumber>R</referenceNumber></Authorisation>" DESTINATION GOODS TAIL,
	       "4 schema.value /CC007C/TransitOperation/MRN [nonsense] [MRN] "
	       "[(([0-1][0-9]|[2][0-4])[A-Z]{2}[A-Z0-9]{13}[0-9])|(([2][4-9]|[3-9][0-9])[A-Z]{2}"
	       "[A-Z0-9]{12}[J-M][0-9])]\n"
	       "4 schema.value /CC007C/TransitOperation/arrivalNotificationDateAndTime "
	       "[2026-02-30T07:15:00] [arrivalNotificationDateAndTime] [CCYY-MM-DDThh:mm:ss]\n"
	       "5 schema.value /CC007C/TransitOperation/incidentFlag [2] [incidentFlag] [0|1]\n"
	       "6 schema.value /CC007C/Authorisation[1]/sequenceNumber [0] [sequenceNumber] "
	       "[([1-9][0-9]{0,4})]\n");
}

static void test_namespaces(void **state)
{
	expect(*state,
	       "<CC007C PhaseID=\"x\" colour=\"red\"><messageSender xmlns=\"urn:y\"/></CC007C>",
	       "1 schema.namespace /CC007C [CC007C] [] [http://ncts.dgtaxud.ec]\n"
	       "1 schema.value /CC007C/@PhaseID [x] [@PhaseID] [NCTS5.1|NCTS5.0]\n"
	       "1 schema.unexpected /CC007C/colour [colour] [/]\n"
	       "1 schema.namespace /CC007C/messageSender [messageSender] [urn:y] []\n"
	       "1 schema.value /CC007C/messageSender [] [messageSender] [(.{1,35})]\n"
	       "1 schema.missing /CC007C/messageRecipient [messageRecipient] [CC007C]\n"
	       "1 schema.missing /CC007C/preparationDateAndTime [preparationDateAndTime] [CC007C]\n"
	       "1 schema.missing /CC007C/messageIdentification [messageIdentification] [CC007C]\n"
	       "1 schema.missing /CC007C/messageType [messageType] [CC007C]\n"
	       "1 schema.missing /CC007C/TransitOperation [TransitOperation] [CC007C]\n"
	       "1 schema.missing /CC007C/CustomsOfficeOfDestinationActual "
	       "[CustomsOfficeOfDestinationActual] [CC007C]\n"
	       "1 schema.missing /CC007C/TraderAtDestination [TraderAtDestination] [CC007C]\n"
	       "1 schema.missing /CC007C/Consignment [Consignment] [CC007C]\n");
}

static void test_what_is_none(void **state)
{
	struct findings f;
	struct codec_fault fault;
	const struct msg_format *format = msg_format_by_id(SPAN("ncts"));

	assert_int_equal(msg_check(*state, SPAN("<CC007C>"), format, &f, &fault), ERR_FORMAT);
	assert_int_equal(msg_check(*state, SPAN("\n<CC999C/>"), format, &f, &fault),
			 ERR_UNSUPPORTED);
	assert_int_equal(fault.line, 2);
	assert_string_equal(msg_recognise_any(SPAN("<Declaration/>"))->id, "wco-dec");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    arena_test(test_valid),      arena_test(test_structure),    arena_test(test_values),
	    arena_test(test_namespaces), arena_test(test_what_is_none),
	};

	xml_start();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
