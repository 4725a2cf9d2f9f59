/* duty: the six methods of valuation, in order, each with what keeps it from applying. */
#include "unit.h"

#include "duty/methods.h"

static struct value_case sold(int64_t price)
{
	return (struct value_case){
	    .has_price = true, .sale_for_export = true, .price = {price}, .quantity = 1000};
}

static struct value_outcome value_of(const struct value_case *c)
{
	struct value_outcome v;

	value_by_methods(c, ROUND_HALF_UP, &v);
	return v;
}

static void falls(const struct value_case *c, enum value_obstacle why)
{
	struct value_outcome v = value_of(c);

	assert_int_equal(v.attempt[0].method, METHOD_TRANSACTION);
	assert_int_equal(v.attempt[0].obstacle, why);
	assert_int_not_equal(v.method, METHOD_TRANSACTION);
	assert_true(value_obstacle_text(why)[0] != '\0');
}

/* Article 1.1 (a) to (d), Article 8. */
static void test_the_price_and_its_conditions(void **state)
{
	struct value_case c = sold(100000);
	struct value_outcome v;

	(void)state;
	c.addition[c.additions++].amount.minor = 2500;
	c.addition[c.additions++].amount.minor = 1;
	c.deduction[c.deductions++].amount.minor = 500;
	v = value_of(&c);
	assert_int_equal(v.method, METHOD_TRANSACTION);
	assert_int_equal(v.value.minor, 102001);
	assert_int_equal(v.added.minor, 2501);
	assert_int_equal(v.attempts, 1);
	c.deduction[0].amount.minor = 200000;
	falls(&c, OBSTACLE_NEGATIVE);
	c = sold(1), c.sale_for_export = false, falls(&c, OBSTACLE_NO_SALE);
	c = sold(1), c.restricted = true, falls(&c, OBSTACLE_RESTRICTED);
	c = sold(1), c.condition_unknown = true, falls(&c, OBSTACLE_CONDITION);
	c = sold(1), c.proceeds_unknown = true, falls(&c, OBSTACLE_PROCEEDS);
	c = sold(1), c.has_price = false, falls(&c, OBSTACLE_NO_PRICE);
	c = sold(INT64_MAX);
	c.addition[c.additions++].amount.minor = 1;
	falls(&c, OBSTACLE_LIMIT);
}

/* Article 1.2: the relation alone is no ground; a test value that is close will do. */
static void test_related_parties(void **state)
{
	struct value_case c = sold(95000);

	(void)state;
	c.related = true;
	falls(&c, OBSTACLE_RELATED);
	c.circumstances_examined = true;
	assert_int_equal(value_of(&c).method, METHOD_TRANSACTION);
	c.circumstances_examined = false;
	c.test_value.minor = 100000;
	c.test_close_ppm = 50000;
	assert_int_equal(value_of(&c).method, METHOD_TRANSACTION);
	c.price.minor--;
	falls(&c, OBSTACLE_RELATED);
}

/* Articles 2 and 3: identical before similar, the same producer before others, the same level before others, the lowest. */
static void test_goods_valued_before(void **state)
{
	struct value_case c = {.quantity = 3000, .exported = 100, .near_days = 30};
	struct value_outcome v;

	(void)state;
	c.accepted[0] = (struct accepted_value){.reference = SPAN("similar"),
						.same_producer = true,
						.same_level = true,
						.exported = 100,
						.unit_value = {INT64_C(50000000000)}};
	c.accepted_count = 1;
	v = value_of(&c);
	assert_int_equal(v.method, METHOD_SIMILAR);
	assert_int_equal(v.value.minor, 150000);
	c.accepted[1] = (struct accepted_value){.reference = SPAN("other"),
						.identical = true,
						.exported = 130,
						.unit_value = {INT64_C(40000000000)}};
	c.accepted[2] = (struct accepted_value){.reference = SPAN("maker"),
						.identical = true,
						.same_producer = true,
						.exported = 70,
						.unit_value = {INT64_C(60000000000)},
						.adjustment_ppm = -100000};
	c.accepted_count = 3;
	v = value_of(&c);
	assert_int_equal(v.method, METHOD_IDENTICAL);
	assert_span(v.basis, "maker");
	assert_int_equal(v.value.minor, 162000);
	c.accepted[2].exported = 69; /* too long ago */
	assert_span(value_of(&c).basis, "other");
	c.accepted[2] = c.accepted[1];
	c.accepted[2].reference = SPAN("lower");
	c.accepted[2].unit_value.minor--;
	assert_span(value_of(&c).basis, "lower");
}

/* Articles 4 to 7. */
static void test_the_order_of_the_last_three(void **state)
{
	struct value_case c = {.quantity = 10000,
			       .has_resale = true,
			       .resale_unit = {INT64_C(2000000000)},
			       .has_costs = true,
			       .materials = {9000},
			       .profit = {1000},
			       .has_fall_back = true,
			       .fall_back = {7}};
	struct value_outcome v;

	(void)state;
	c.resale_deduction[c.resale_deductions++].amount.minor = 4000;
	v = value_of(&c);
	assert_int_equal(v.method, METHOD_DEDUCTIVE);
	assert_int_equal(v.value.minor, 16000);
	c.swap = true;
	v = value_of(&c);
	assert_int_equal(v.method, METHOD_COMPUTED);
	assert_int_equal(v.value.minor, 10000);
	c.has_costs = false;
	assert_int_equal(value_of(&c).method, METHOD_DEDUCTIVE);
	c.resale_after_days = 91;
	v = value_of(&c);
	assert_int_equal(v.method, METHOD_FALL_BACK);
	assert_int_equal(v.value.minor, 7);
	assert_int_equal(v.attempts, METHODS);
	c.has_fall_back = false;
	v = value_of(&c);
	assert_int_equal(v.method, 0);
	assert_int_equal(v.value.minor, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_the_price_and_its_conditions),
	    cmocka_unit_test(test_related_parties),
	    cmocka_unit_test(test_goods_valued_before),
	    cmocka_unit_test(test_the_order_of_the_last_three),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
