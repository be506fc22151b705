/*
 * aws_xml: S3's answers as a tree that the readers of JSON understand. The only file that knows
 * expat. A document type is refused: with it come entities, and no answer of S3 has one.
 */
#include "s3triage/remote/aws.h"

#include <expat.h>
#include <stdlib.h>

/* Expat 2.8 has names of its own for 64 bits and warns of the old ones. */
#if XML_MAJOR_VERSION > 2 || XML_MINOR_VERSION >= 8
#define xml_line   XML_GetCurrentLineNumber64
#define xml_column XML_GetCurrentColumnNumber64
#else
#define xml_line   XML_GetCurrentLineNumber
#define xml_column XML_GetCurrentColumnNumber
#endif

enum { DEPTH_MAX = 32 };

struct element {
	struct json *children; /* an object */
	struct buf text;
};

struct xml {
	XML_Parser parser;
	struct element stack[DEPTH_MAX];
	size_t depth;
	struct json *root;     /* an object with the outermost element alone */
	bool doctype;
};

static void XMLCALL on_start(void *ctx, const char *name, const char **attributes)
{
	struct xml *x = ctx;
	(void)name;
	(void)attributes;
	if (x->depth == DEPTH_MAX)
		XML_StopParser(x->parser, XML_FALSE);
	else
		x->stack[x->depth++] = (struct element){.children = json_new_object()};
}

/* What is there twice becomes an array. */
static void aws_xml_add(struct json *parent, const char *name, struct json *value)
{
	struct json *there = json_get_mutable(parent, name);
	if (!there) {
		json_set(parent, name, value);
	} else if (json_type(there) == JSON_ARRAY) {
		json_push(there, value);
	} else {
		struct json *all = json_new_array();
		json_push(all, json_copy(there));
		json_push(all, value);
		json_set(parent, name, all);
	}
}

static void XMLCALL on_end(void *ctx, const char *name)
{
	struct xml *x = ctx;
	struct element *e = &x->stack[--x->depth];
	struct json *value = e->children;
	if (!json_first(value)) {
		json_free(value);
		value = json_new_str(buf_str(&e->text));
	}
	buf_fini(&e->text);
	aws_xml_add(x->depth ? x->stack[x->depth - 1].children : x->root, name, value);
}

static void XMLCALL on_text(void *ctx, const char *text, int n)
{
	struct xml *x = ctx;
	if (x->depth)
		buf_add(&x->stack[x->depth - 1].text, (struct str){text, (size_t)n});
}

static void XMLCALL on_doctype(void *ctx, const char *name, const char *system, const char *public,
	int internal)
{
	struct xml *x = ctx;
	(void)name;
	(void)system;
	(void)public;
	(void)internal;
	x->doctype = true;
	XML_StopParser(x->parser, XML_FALSE);
}

static bool aws_xml_explain(const struct xml *x, struct err *err)
{
	enum XML_Error code = XML_GetErrorCode(x->parser);
	if (x->doctype)
		err_set(err, ERR_PARSE, "the XML has a DOCTYPE, which no answer of AWS has");
	else if (x->depth == DEPTH_MAX && code == XML_ERROR_ABORTED)
		err_set(err, ERR_LIMIT, "the XML is deeper than %d elements", DEPTH_MAX);
	else
		err_set(err, ERR_PARSE, "this is no XML: %s", XML_ErrorString(code));
	err_where(err, NULL, xml_line(x->parser), xml_column(x->parser) + 1);
	return false;
}

struct json *aws_xml(struct str text, struct err *err)
{
	struct xml x = {.parser = XML_ParserCreate("UTF-8"), .root = json_new_object()};
	XML_SetUserData(x.parser, &x);
	XML_SetElementHandler(x.parser, on_start, on_end);
	XML_SetCharacterDataHandler(x.parser, on_text);
	XML_SetStartDoctypeDeclHandler(x.parser, on_doctype);
	bool ok = text.n <= INT32_MAX &&
		XML_Parse(x.parser, text.p ? text.p : "", (int)text.n, XML_TRUE) == XML_STATUS_OK;
	if (!ok)
		aws_xml_explain(&x, err);
	while (x.depth) {
		struct element *e = &x.stack[--x.depth];
		json_free(e->children);
		buf_fini(&e->text);
	}
	XML_ParserFree(x.parser);
	if (ok)
		return x.root;
	json_free(x.root);
	return NULL;
}
