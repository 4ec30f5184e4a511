/*
 * type_hint.c
 *	  Which types are read as numbers or are labels, and how values of others
 *	  become numbers.
 *
 * In the hints here @ stands for the value.
 */
#include "pg/types/number.h"
#include "pg/types/type_hint.h"

#include "catalog/pg_type.h"
#include "lib/stringinfo.h"
#include "parser/parse_coerce.h"
#include "utils/lsyscache.h"

bool
nnet_type_is_number(Oid type)
{
	return nnet_number_type(type) != NULL;
}

bool
nnet_type_is_label(Oid type)
{
	char category;
	bool preferred;

	type = getBaseType(type);
	if (type == UNKNOWNOID || type == CHAROID || type_is_enum(type))
		return true;
	get_type_category_preferred(type, &category, &preferred);
	return category == TYPCATEGORY_STRING;
}

bool
nnet_type_is_readable(Oid type)
{
	Oid element;
	Oid function;
	CoercionPathType path;

	type = getBaseType(type);
	element = get_element_type(type);
	if (type == BYTEAOID || type == UNKNOWNOID || nnet_number_type(type) != NULL ||
		type_is_rowtype(type) ||
		(OidIsValid(element) && nnet_number_type(getBaseType(element)) != NULL))
		return true;
	path = find_coercion_pathway(FLOAT4ARRAYOID, type, COERCION_EXPLICIT, &function);
	return path == COERCION_PATH_FUNC || path == COERCION_PATH_RELABELTYPE;
}

/* ---- hints ---- */

#define HINT_DATE                                                                           \
	"Count from a day of the data, as real holds seven digits only: @ - date '2024-01-01' " \
	"are days. What comes again and again is told by its parts, such as extract(dow from @)."
#define HINT_TIMESTAMP                                                  \
	"Count from a day of the data, as real holds seven digits only: "   \
	"extract(epoch from @ - timestamp '2024-01-01') / 86400 are days. " \
	"What comes again and again is told by its parts, such as extract(hour from @)."
#define HINT_TIME "extract(epoch from @) gives the seconds of the day."
#define HINT_JSON                                                \
	"Take the numbers out: (@ ->> 'key')::real, or of an array " \
	"ARRAY(SELECT v::real FROM json_array_elements_text(@) AS v)."
#define HINT_JSONB                                               \
	"Take the numbers out: (@ ->> 'key')::real, or of an array " \
	"ARRAY(SELECT v::real FROM jsonb_array_elements_text(@) AS v)."
#define HINT_KEY                                                                            \
	"It names a thing and measures nothing: leave it out, or number the things from 0 and " \
	"give the numbers to nnet.embedding()."
#define HINT_POINT "Give its coordinates: ARRAY[@[0], @[1]]."
#define HINT_SHAPE "Give its coordinates as an array of numbers."
#define HINT_BITS "Give its bits: string_to_array(@::text, NULL)::real[]."

static const struct
{
	Oid type;
	const char *hint;
} hints[] = {
	{DATEOID, HINT_DATE},
	{TIMESTAMPOID, HINT_TIMESTAMP},
	{TIMESTAMPTZOID, HINT_TIMESTAMP},
	{TIMEOID, HINT_TIME},
	{TIMETZOID, HINT_TIME},
	{CASHOID, "Cast it: @::numeric."},
	{JSONOID, HINT_JSON},
	{JSONBOID, HINT_JSONB},
	{UUIDOID, HINT_KEY},
	{INETOID, HINT_KEY},
	{CIDROID, HINT_KEY},
	{MACADDROID, HINT_KEY},
	{MACADDR8OID, HINT_KEY},
	{OIDOID, HINT_KEY},
	{XIDOID, HINT_KEY},
	{TIDOID, HINT_KEY},
	{REGCLASSOID, HINT_KEY},
	{POINTOID, HINT_POINT},
	{LSEGOID, HINT_SHAPE},
	{BOXOID, HINT_SHAPE},
	{CIRCLEOID, HINT_SHAPE},
	{LINEOID, HINT_SHAPE},
	{PATHOID, HINT_SHAPE},
	{POLYGONOID, HINT_SHAPE},
	{BITOID, HINT_BITS},
	{VARBITOID, HINT_BITS},
	{XMLOID, "Take the numbers out, by xpath()."},
	{TSVECTOROID, "Give the text itself to a model that begins with nnet.text_vectorization()."},
};

static const char *
hint_of(Oid type)
{
	for (int i = 0; i < lengthof(hints); i++)
		if (hints[i].type == type)
			return hints[i].hint;
	return NULL;
}

static const char *
expand(const char *hint, const char *what)
{
	StringInfoData text;

	initStringInfo(&text);
	for (; *hint != '\0'; hint++)
	{
		if (*hint == '@')
			appendStringInfoString(&text, what);
		else
			appendStringInfoChar(&text, *hint);
	}
	return text.data;
}

static const char *
find_hint(Oid type)
{
	Oid base = getBaseType(type);
	Oid element = get_element_type(base);
	const char *hint = hint_of(base);

	if (hint != NULL)
		return hint;
	if (nnet_type_is_label(base))
		return "If it holds numbers, cast it: ::real[] for an array, ::real for one number. "
			   "A model for texts begins with nnet.text_vectorization().";
	if (type_is_range(base))
		return "Give its bounds as numbers: ARRAY[lower(@), upper(@)].";
	if (OidIsValid(element) && nnet_type_is_label(element))
		return "If it holds numbers, cast it: @::real[].";
	if (OidIsValid(element) && hint_of(getBaseType(element)) != NULL)
		return psprintf(
			"Make an array of numbers of it: ARRAY(SELECT ... FROM unnest(@) AS element). "
			"Of an element: %s",
			expand(hint_of(getBaseType(element)), "element"));
	return "Give an array of numbers (real[], integer[], numeric[], ...), a number, "
		   "bytea, a row of numbers, or a type with a cast to real[].";
}

const char *
nnet_type_hint(Oid type, const char *what)
{
	return expand(find_hint(type), what);
}
