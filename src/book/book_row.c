/*
 * book_row: one entry out of titled or untitled values: which field a value fills, which account is
 * meant, and whether the row itself shows that it is the organisation's.
 */
#include "book_priv.h"

#define FIELD(member) offsetof(struct offer, member)

/* ---- titles --------------------------------------------------------------------------------- */

struct naming {
	const char *names; /* without capitals, blanks and marks */
	size_t at;
};

static const struct naming namings[] = {
	{" id account accountid accountnumber awsaccount awsaccountid awsaccountnumber linkedaccount "
		"linkedaccountid memberaccountid usageaccountid rolearn ssoaccountid grantedssoaccountid ",
		FIELD(account)},
	{" name accountname awsaccountname linkedaccountname alias accountalias ssoaccountname ", FIELD(name)},
	{" owner email emailaddress accountemail contact ", FIELD(owner)},
	{" kind type category ", FIELD(kind_text)},
	{" note notes comment description ", FIELD(note)},
	{" source url link ticket ", FIELD(source)},
	{" state accountstate ", FIELD(state)},
	{" status accountstatus ", FIELD(status)},
	{" arn accountarn ", FIELD(arn)},
	{" joinedmethod joinedtimestamp ", FIELD(joined)},
};

size_t book_field_of(struct str title)
{
	char key[40] = " ";
	size_t n = 1;
	for (size_t i = 0; i < title.n && n + 2 < sizeof(key); i++) {
		char c = title.p[i] >= 'A' && title.p[i] <= 'Z' ? (char)(title.p[i] + 32) : title.p[i];
		if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'))
			key[n++] = c;
	}
	key[n++] = ' ';
	for (size_t i = 0; n > 2 && i < ARRAY_LEN(namings); i++)
		if (str_find(str_c(namings[i].names), (struct str){key, n}) != STR_NONE)
			return namings[i].at;
	return STR_NONE;
}

/* ---- values --------------------------------------------------------------------------------- */

bool book_is_account(struct str cell)
{
	char digits[12];
	return book_account(cell, digits).n != 0;
}

bool book_is_kind(struct str cell)
{
	enum account_kind kind;
	return account_kind_parse(str_trim(cell), &kind);
}

static bool one_of(struct str s, const char *const *words, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (str_eq_fold(s, str_c(words[i])))
			return true;
	return false;
}

/* ="012…", '012… and 012….0 are how spreadsheets and data frames write an id. */
struct str book_cell(struct str cell)
{
	static const char *const nothing[] = {"None", "null", "NULL", "NaN", "<null>", "-"};
	struct str s = str_trim(cell);
	s = str_starts(s, STR("=\"")) && str_ends(s, STR("\"")) && s.n > 2 ? str_sub(s, 2, s.n - 1) : s;
	if (s.n > 2 && (s.p[0] == '\'' || s.p[0] == '`' || s.p[0] == '"') && s.p[s.n - 1] == s.p[0])
		s = str_sub(s, 1, s.n - 1);
	struct str bare = str_sub(s, str_starts(s, STR("'")),
		s.n == 14 && str_ends(s, STR(".0")) ? 12 : s.n);
	if (str_digits(bare))
		s = bare;
	return one_of(s, nothing, ARRAY_LEN(nothing)) ? (struct str){0} : s;
}

static const char *const states[] = {"ACTIVE", "SUSPENDED", "CLOSED", "PENDING_CLOSURE",
	"PENDING_ACTIVATION", "PENDING CLOSURE", "PENDING ACTIVATION"};

static bool is_time(struct str s)
{
	size_t digits = 0;
	for (size_t i = 0; i < s.n; i++)
		digits += s.p[i] >= '0' && s.p[i] <= '9';
	return digits >= 10 && s.p[0] >= '0' && s.p[0] <= '9' && (str_find_char(s, ':') != STR_NONE ||
		str_find_char(s, '.') != STR_NONE);
}

size_t book_field_by_value(const struct offer *o, struct str cell)
{
	static const char *const joined[] = {"CREATED", "INVITED", "ACCOUNTS"}; /* AWS's own words */
	if (str_starts(cell, STR("arn:")))
		return FIELD(arn);
	if (book_is_account(cell))
		return FIELD(account);
	if (one_of(cell, states, ARRAY_LEN(states)))
		return FIELD(state);
	for (size_t i = 0; i < ARRAY_LEN(joined); i++)
		if (str_is(cell, joined[i]))
			return FIELD(joined);
	if (is_time(cell) || (o->account.n && str_digits(cell)))
		return STR_NONE;
	if (o->name.n && book_is_kind(cell))
		return FIELD(kind_text);
	if (str_find_char(cell, '@') != STR_NONE)
		return FIELD(owner);
	return !o->name.n ? FIELD(name) : FIELD(note);
}

/* The account of "arn:aws:organizations::444455556666:account/o-x/012345678901": *master gets the
 * first, which is the management account's. */
static struct str account_of_arn(struct str arn, struct str *master)
{
	size_t at = str_find(arn, STR(":organizations::")), slash = str_rfind_char(arn, '/');
	*master = (struct str){0};
	if (!str_starts(arn, STR("arn:")) || at == STR_NONE || slash == STR_NONE)
		return (struct str){0};
	struct str rest = str_sub(arn, at + STR(":organizations::").n, arn.n);
	*master = str_cut(&rest, ':');
	struct str id = str_sub(arn, slash + 1, arn.n);
	return str_starts(rest, STR("account/")) && book_is_account(id) ? id : (struct str){0};
}

/* A role's ARN is its account's. */
static struct str account_of_role(struct str cell)
{
	size_t at = str_find(cell, STR(":iam::"));
	if (!str_starts(cell, STR("arn:")) || at == STR_NONE)
		return cell;
	struct str rest = str_sub(cell, at + STR(":iam::").n, cell.n);
	return str_cut(&rest, ':');
}

/* ---- an entry ------------------------------------------------------------------------------- */

static void put_account(struct offer *o, struct str cell)
{
	cell = account_of_role(cell);
	if (!book_is_account(o->account) && (!o->account.n || book_is_account(cell)))
		o->account = cell;
	else if (book_is_account(cell) && !str_eq(cell, o->account) && !o->second.n)
		o->second = cell;
}

/* Texts of two columns for one field are kept both. */
void book_put(struct reading *r, struct offer *o, size_t field, struct str cell)
{
	struct str *to = (struct str *)(void *)((char *)o + field);
	cell = book_cell(cell);
	if (!cell.n || str_eq(*to, cell))
		return;
	if (field == FIELD(account))
		put_account(o, cell);
	else if (!to->n || field == FIELD(joined))
		*to = cell;
	else if (field == FIELD(state) || field == FIELD(status) || field == FIELD(arn))
		return; /* the first is AWS's new word, or the account's own */
	else if (field != FIELD(kind_text))
		*to = arena_fmt(&r->mem, "%.*s; %.*s", STR_ARG(*to), STR_ARG(cell));
	else if (!book_is_kind(*to))
		*to = book_is_kind(cell) ? cell : *to;
}

/* What a number lost at its start, the ARN beside it still has. */
static bool lost_zeros(struct str cell, struct str id)
{
	return str_digits(cell) && cell.n < id.n && str_ends(id, cell) &&
		str_starts(STR("000000000000"), str_sub(id, 0, id.n - cell.n));
}

/* The organisation's list names each account in its ARN; the other account in the row is the one
 * that was asked. */
static void which_account(struct reading *r, struct offer *o, struct str id, struct str master)
{
	struct str first = o->account;
	if (id.n && str_eq(first, id)) {
		first = o->second;
	} else if (id.n) {
		o->account = id;
		first = str_eq(o->second, id) || !o->second.n ? first : o->second;
		first = lost_zeros(first, id) ? (struct str){0} : first;
	} else {
		first = o->second;
	}
	if (first.n && !(id.n && str_eq(first, master)))
		book_wrong(r, o->line, "the row names two accounts, %.*s and %.*s: the first is read",
			STR_ARG(o->account), STR_ARG(str_sub(first, 0, 60)));
}

/* The words for a state that is not the usual one, as AWS spells them; empty: an active account, or
 * the state of something else. */
static struct str state_of(struct reading *r, const struct offer *o, bool ours)
{
	struct str s = o->state.n ? o->state : o->status;
	bool known = one_of(s, states, ARRAY_LEN(states));
	if (!s.n || str_eq_fold(s, STR("ACTIVE")) || (!known && !ours))
		return (struct str){0};
	char *to = arena_bytes(&r->mem, s.n);
	for (size_t i = 0; i < s.n; i++)
		to[i] = s.p[i] == ' ' ? '_' : s.p[i] >= 'a' && s.p[i] <= 'z' ? (char)(s.p[i] - 32) : s.p[i];
	return (struct str){to, s.n};
}

void book_put_end(struct reading *r, struct offer *o)
{
	struct str master, id = account_of_arn(o->arn, &master);
	bool ours = o->kind == ACCOUNT_ORGANISATION || (!o->kind_text.n && o->kind == ACCOUNT_UNKNOWN &&
		(id.n || o->joined.n));
	which_account(r, o, id, master);
	o->state = state_of(r, o, ours || id.n || o->joined.n);
	if (o->state.n && !o->note.n)
		o->note = arena_fmt(&r->mem, "status %.*s", STR_ARG(str_sub(o->state, 0, 80)));
	if (ours)
		o->kind = ACCOUNT_ORGANISATION;
	r->unsaid += book_is_account(o->account) && !o->kind_text.n && o->kind == ACCOUNT_UNKNOWN;
	book_offer(r, o);
}
