/*
 * train_schedule.c
 *	  Schedules: rates of several steps against Keras, every error.
 *
 * The numbers were printed by Keras 3.15: schedule(step) of the class of
 * keras.optimizers.schedules, which computes in float32.
 */
#include <string.h>

#include "core/optimizers/optimizer.h"
#include "test/unit/json.h"
#include "test/unit/unit.h"

static const int64_t steps[] = {0, 1, 4, 5, 10, 13, 25, 40, 100};

#define N NN_ARRAY_LENGTH(steps)

typedef struct Golden
{
	const char *config;
	double rates[9];
} Golden;

static const Golden goldens[] = {
	{"{\"kind\": \"exponential_decay\", \"initial_learning_rate\": 0.1, "
	 "\"decay_steps\": 10, \"decay_rate\": 0.5}",
	 {0.100000001, 0.0933033004, 0.0757858306, 0.0707106814, 0.0500000007, 0.0406126194,
	  0.0176776703, 0.00625000009, 9.76562515e-05}},
	{"{\"kind\": \"exponential_decay\", \"initial_learning_rate\": 0.1, "
	 "\"decay_steps\": 10, \"decay_rate\": 0.5, \"staircase\": true}",
	 {0.100000001, 0.100000001, 0.100000001, 0.100000001, 0.0500000007, 0.0500000007, 0.0250000004,
	  0.00625000009, 9.76562515e-05}},
	{"{\"kind\": \"inverse_time_decay\", \"initial_learning_rate\": 0.1, "
	 "\"decay_steps\": 10, \"decay_rate\": 0.5}",
	 {0.100000001, 0.0952381045, 0.0833333284, 0.0799999982, 0.0666666701, 0.0606060624,
	  0.0444444455, 0.0333333351, 0.0166666675}},
	{"{\"kind\": \"inverse_time_decay\", \"initial_learning_rate\": 0.1, "
	 "\"decay_steps\": 10, \"decay_rate\": 0.5, \"staircase\": true}",
	 {0.100000001, 0.100000001, 0.100000001, 0.100000001, 0.0666666701, 0.0666666701, 0.0500000007,
	  0.0333333351, 0.0166666675}},
	{"{\"kind\": \"polynomial_decay\", \"initial_learning_rate\": 0.1, \"decay_steps\": 20}",
	 {0.100000001, 0.0950049981, 0.080020003, 0.0750249997, 0.0500500016, 0.0350650027,
	  9.99999975e-05, 9.99999975e-05, 9.99999975e-05}},
	{"{\"kind\": \"polynomial_decay\", \"initial_learning_rate\": 0.1, "
	 "\"decay_steps\": 20, \"end_learning_rate\": 0.01, \"power\": 2}",
	 {0.100000001, 0.0912249982, 0.0676000044, 0.0606250018, 0.0324999988, 0.021025002,
	  0.00999999978, 0.00999999978, 0.00999999978}},
	{"{\"kind\": \"polynomial_decay\", \"initial_learning_rate\": 0.1, "
	 "\"decay_steps\": 20, \"end_learning_rate\": 0.01, \"power\": 0.5, \"cycle\": true}",
	 {0.100000001, 0.097721152, 0.0904984474, 0.0879422873, 0.0736396089, 0.0632447228,
	  0.0651135221, 0.00999999978, 0.00999999978}},
	{"{\"kind\": \"piecewise_constant_decay\", \"boundaries\": [4, 13], "
	 "\"values\": [0.1, 0.05, 0.01]}",
	 {0.100000001, 0.100000001, 0.100000001, 0.0500000007, 0.0500000007, 0.0500000007,
	  0.00999999978, 0.00999999978, 0.00999999978}},
	{"{\"kind\": \"cosine_decay\", \"initial_learning_rate\": 0.1, \"decay_steps\": 20}",
	 {0.100000001, 0.0993844196, 0.0904508457, 0.0853553414, 0.049999997, 0.0273004808, 0, 0, 0}},
	{"{\"kind\": \"cosine_decay\", \"initial_learning_rate\": 0.01, \"decay_steps\": 20, "
	 "\"alpha\": 0.1, \"warmup_target\": 0.1, \"warmup_steps\": 5}",
	 {0.00999999978, 0.0280000009, 0.0820000023, 0.100000001, 0.0868198127, 0.0689057633,
	  0.0100000007, 0.0100000007, 0.0100000007}},
	{"{\"kind\": \"cosine_decay_restarts\", \"initial_learning_rate\": 0.1, "
	 "\"first_decay_steps\": 10}",
	 {0.100000001, 0.0975528285, 0.0654508471, 0.049999997, 0.100000001, 0.0945503265, 0.0146446619,
	  0.0853553414, 0.0691341683}},
	{"{\"kind\": \"cosine_decay_restarts\", \"initial_learning_rate\": 0.1, "
	 "\"first_decay_steps\": 10, \"t_mul\": 1.5, \"m_mul\": 0.8, \"alpha\": 0.1}",
	 {0.100000001, 0.0977975428, 0.0689057633, 0.054999996, 0.0820000023, 0.0751246139,
	  0.0676000044, 0.0243999995, 0.035732545}},
	{"{\"kind\": \"cosine_decay_restarts\", \"initial_learning_rate\": 0.1, "
	 "\"first_decay_steps\": 10, \"t_mul\": 1, \"m_mul\": 0.9}",
	 {0.100000001, 0.0975528285, 0.0654508471, 0.049999997, 0.0899999961, 0.0714503452,
	  0.0404999964, 0.0656099916, 0.0348678343}},
};

static bool
parse(NNSchedule *schedule, const char *text, NNError *error)
{
	NNValue *value = json_parse(text);
	bool parsed;

	memset(schedule, 0, sizeof(*schedule));
	schedule->rate = 0.125; /* what a null leaves */
	parsed = nn_schedule_parse(schedule, value, "optimizer \"sgd\"", error);
	json_free(value);
	return parsed;
}

static void
test_golden(const Golden *golden)
{
	NNSchedule schedule;
	NNError error;
	double most = 0;

	if (!CHECK(parse(&schedule, golden->config, &error), "%s is read", golden->config))
		return;
	for (int i = 0; i < N; i++)
	{
		double off = fabs(nn_schedule_rate(&schedule, steps[i]) - golden->rates[i]);

		if (!(off <= most))
			most = off;
	}
	CHECK(most < 2e-8, "%s: rates (%.1e)", golden->config, most);
	CHECK(isfinite(nn_schedule_rate(&schedule, (int64_t) 1 << 50)), "%s: step 2^50",
		  golden->config);
}

static void
test_constant(void)
{
	NNSchedule schedule;
	NNError error;

	CHECK(parse(&schedule, "0.5", &error) && nn_schedule_rate(&schedule, 0) == 0.5 &&
			  nn_schedule_rate(&schedule, 1000000) == 0.5,
		  "a number is constant");
	CHECK(parse(&schedule, "null", &error) && nn_schedule_rate(&schedule, 3) == 0.125,
		  "null leaves the default");
}

static void
check_error(const char *config, NNErrorCode code, const char *message, const char *hint)
{
	NNSchedule schedule;
	NNError error = {NN_OK, "", ""};

	CHECK(!parse(&schedule, config, &error), "%s is refused", config);
	CHECK(error.code == code && strcmp(error.message, message) == 0, "%s: message: %s", config,
		  error.message);
	CHECK(strcmp(error.hint, hint) == 0, "%s: hint: %s", config, error.hint);
}

#define KINDS                                                                  \
	"Schedules are: exponential_decay, inverse_time_decay, polynomial_decay, " \
	"piecewise_constant_decay, cosine_decay, cosine_decay_restarts."

static void
test_errors(void)
{
	check_error("{\"kind\": \"cosine\"}", NN_UNKNOWN_NAME,
				"optimizer \"sgd\": unknown schedule \"cosine\"", KINDS);
	check_error("{\"decay_steps\": 1}", NN_BAD_VALUE,
				"optimizer \"sgd\": the schedule of option \"learning_rate\" has no \"kind\"",
				KINDS);
	check_error("[0.1]", NN_BAD_VALUE,
				"optimizer \"sgd\": option \"learning_rate\" must be a number or a schedule",
				"A schedule is an object such as {\"kind\": \"cosine_decay\", "
				"\"initial_learning_rate\": 0.01, \"decay_steps\": 1000}.");
	check_error(
		"2e6", NN_BAD_VALUE,
		"optimizer \"sgd\": option \"learning_rate\" must be from 0 to 1000000, not 2000000", "");
	check_error("{\"kind\": \"cosine_decay\", \"decay_steps\": 10}", NN_BAD_VALUE,
				"schedule \"cosine_decay\": option \"initial_learning_rate\" is missing", "");
	check_error(
		"{\"kind\": \"polynomial_decay\", \"initial_learning_rate\": 1, \"decay_steps\": 0}",
		NN_BAD_VALUE,
		"schedule \"polynomial_decay\": option \"decay_steps\" must be from 1 to 1e+15, not 0", "");
	check_error("{\"kind\": \"cosine_decay\", \"initial_learning_rate\": 1, \"decay_steps\": 10, "
				"\"warmup\": 1}",
				NN_UNKNOWN_NAME, "schedule \"cosine_decay\": there is no option \"warmup\"",
				"Its options are: initial_learning_rate, decay_steps, alpha, warmup_target, "
				"warmup_steps, kind.");
	check_error("{\"kind\": \"cosine_decay\", \"initial_learning_rate\": 1, \"decay_steps\": 10, "
				"\"warmup_steps\": 5}",
				NN_BAD_VALUE, "schedule \"cosine_decay\" has warmup_steps but no warmup_target",
				"Set warmup_target to the rate to reach after 5 steps.");
	check_error(
		"{\"kind\": \"piecewise_constant_decay\", \"boundaries\": [10, 20], \"values\": [1, 2]}",
		NN_BAD_VALUE,
		"schedule \"piecewise_constant_decay\" has 2 boundaries and 2 values, expected 3 values",
		"Give one value before each boundary and one after the last.");
	check_error("{\"kind\": \"piecewise_constant_decay\", \"boundaries\": [10, 10], "
				"\"values\": [1, 2, 3]}",
				NN_BAD_VALUE, "schedule \"piecewise_constant_decay\" has boundary 10 after 10",
				"Boundaries are steps in ascending order.");
	check_error(
		"{\"kind\": \"cosine_decay_restarts\", \"initial_learning_rate\": 1, "
		"\"first_decay_steps\": 10, \"t_mul\": 0.5}",
		NN_BAD_VALUE,
		"schedule \"cosine_decay_restarts\": option \"t_mul\" must be from 1 to 1000, not 0.5", "");
}

int
main(void)
{
	for (int i = 0; i < NN_ARRAY_LENGTH(goldens); i++)
		test_golden(&goldens[i]);
	test_constant();
	test_errors();
	return unit_done();
}
