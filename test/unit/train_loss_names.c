/*
 * train_loss_names.c
 *	  Names of losses and the list of them; what is refused of their arguments.
 */
#include <string.h>

#include "core/losses/loss.h"
#include "test/unit/json.h"
#include "test/unit/unit.h"

/* What arguments are refused, and how. */
static void
test_refused(void)
{
	static const struct
	{
		const char *loss;
		const char *message;
		const char *hint;
	} tests[] = {
		{"{\"delta\":1}", "a loss must be a name or an object with a \"kind\"", "Losses are: "},
		{"{\"kind\":\"hubert\"}", "unknown loss \"hubert\"", "Losses are: "},
		{"{\"kind\":\"huber\",\"alpha\":1}", "loss \"huber\": there is no option \"alpha\"",
		 "Its options are: delta, kind, name."},
		{"{\"kind\":\"mse\",\"delta\":1}",
		 "loss \"mean_squared_error\": there is no option \"delta\"",
		 "Its options are: kind, name."},
		{"{\"kind\":\"huber\",\"delta\":-1}",
		 "loss \"huber\": option \"delta\" must be from 0 to 1e+30, not -1", ""},
		{"{\"kind\":\"categorical_generalized_cross_entropy\",\"q\":1}",
		 "loss \"categorical_generalized_cross_entropy\": option \"q\" must be greater than 0 and "
		 "less "
		 "than 1, not 1",
		 ""},
		{"{\"kind\":\"categorical_focal_crossentropy\",\"alpha\":[]}",
		 "loss \"categorical_focal_crossentropy\": option \"alpha\" is an empty array", ""},
		{"{\"kind\":\"categorical_focal_crossentropy\",\"alpha\":[1,\"a\"]}",
		 "loss \"categorical_focal_crossentropy\": option \"alpha\" must be numbers, not the "
		 "string "
		 "\"a\"",
		 ""},
		{"{\"kind\":\"categorical_focal_crossentropy\",\"alpha\":\"a\"}",
		 "loss \"categorical_focal_crossentropy\": option \"alpha\" must be a number or an array, "
		 "not "
		 "the string \"a\"",
		 ""},
		{"{\"kind\":\"categorical_focal_crossentropy\",\"alpha\":[1,2]}",
		 "loss \"categorical_focal_crossentropy\": alpha has 2 values for 3 classes", ""},
		{"{\"kind\":\"dice\",\"axis\":1}",
		 "loss \"dice\": it cannot go over this axis of outputs of 2 dimensions", "Give -1 for "},
		{"{\"kind\":\"tversky\",\"axis\":[0,3]}",
		 "loss \"tversky\": it cannot go over this axis of outputs of 2 dimensions",
		 "Give -1 for "},
		{"{\"kind\":\"cosine_similarity\",\"axis\":[1,2]}",
		 "loss \"cosine_similarity\": it cannot go over this axis of outputs of 2 dimensions",
		 "It goes over the last one, -1."},
	};
	NNShape out = {2, {4, 3}};

	for (int i = 0; i < NN_ARRAY_LENGTH(tests); i++)
	{
		NNValue *value = json_parse(tests[i].loss);
		NNError error = {0};
		NNLoss loss;

		CHECK(!nn_loss_parse(&loss, value, &error) || !nn_loss_resolve(&loss, &out, &error),
			  "refused: %s", tests[i].loss);
		CHECK(strcmp(error.message, tests[i].message) == 0, "message: %s", error.message);
		CHECK(strncmp(error.hint, tests[i].hint, strlen(tests[i].hint)) == 0 &&
				  (error.hint[0] == '\0') == (tests[i].hint[0] == '\0'),
			  "hint: %s", error.hint);
		json_free(value);
	}
}

static void
test_names(void)
{
	static const char *const synonyms[][2] = {
		{"mse", "mean_squared_error"},
		{"mae", "mean_absolute_error"},
		{"mape", "mean_absolute_percentage_error"},
		{"msle", "mean_squared_logarithmic_error"},
		{"bce", "binary_crossentropy"},
		{"kld", "kl_divergence"},
	};
	static const char *const listed[] = {

		"mean_squared_error",
		"mean_absolute_error",
		"mean_absolute_percentage_error",
		"mean_squared_logarithmic_error",
		"huber",
		"log_cosh",
		"binary_crossentropy",
		"categorical_crossentropy",
		"sparse_categorical_crossentropy",
		"kl_divergence",
		"poisson",
		"hinge",
		"squared_hinge",
		"cosine_similarity",
		"binary_focal_crossentropy",
		"categorical_focal_crossentropy",
		"categorical_generalized_cross_entropy",
		"categorical_hinge",
		"dice",
		"tversky",
		"ctc",
	};
	char list[1024];
	char small[32];

	for (int i = 0; i < NN_ARRAY_LENGTH(synonyms); i++)
		CHECK(strcmp(nn_loss_find(synonyms[i][0])->name, synonyms[i][1]) == 0, "%s is %s",
			  synonyms[i][0], synonyms[i][1]);
	CHECK(nn_loss_find("mean") == NULL && nn_loss_find("") == NULL, "no loss of that name");
	nn_losses_list(list, sizeof(list));
	for (int i = 0; i < NN_ARRAY_LENGTH(listed); i++)
		CHECK(strstr(list, listed[i]) != NULL, "the list has %s", listed[i]);
	nn_losses_list(small, sizeof(small));
	CHECK(strlen(small) < sizeof(small), "a list that does not fit is cut");
}

int
main(void)
{
	test_refused();
	test_names();
	return unit_done();
}
