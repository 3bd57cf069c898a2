/* An engine in C99 with nothing but the standard library: conv2d, max_pool2d, linear, relu and cross_entropy, with all gradients, in float32.
 *
 *     cc -std=c99 -O2 -o engine conformance-tests/examples/engine.c -lm
 *     tools/conformance check --command ./engine
 *
 * The layers come first, each the loop nest of its definition; the JSON reader and the protocol stand below them. Everything that one request needs is
 * taken from an arena, which is emptied before the next; whatever goes wrong in a request jumps back to main with the reply's field and reason. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- arena, and ways out of a request ---- */

typedef struct Block { struct Block *next; double align[1]; } Block;
static Block *arena;

static jmp_buf way_out;
static const char *out_field; /* refused, unsupported or error */
static char out_reason[200];

static void leave(const char *field, const char *format, ...)
{
    va_list arguments;
    out_field = field;
    va_start(arguments, format);
    vsnprintf(out_reason, sizeof out_reason, format, arguments);
    va_end(arguments);
    longjmp(way_out, 1);
}

static void *take(size_t count, size_t size)
{
    Block *block = NULL;
    if (size == 0 || count <= ((size_t)-1 - sizeof *block) / size)
        block = calloc(1, offsetof(Block, align) + count * size + 1);
    if (!block)
        leave("error", "out of memory");
    block->next = arena;
    arena = block;
    return block->align;
}

static void empty_arena(void)
{
    while (arena) {
        Block *next = arena->next;
        free(arena);
        arena = next;
    }
}

/* ---- tensors and a request's parts, as the layers see them ---- */

typedef struct { int rank; int shape[8]; size_t count; float *data; } Tensor;
typedef struct Json Json;

static Tensor *input(const char *name);                 /* NULL where the case has none */
static Tensor *cotangent(void);                         /* the gradient from above; NULL where there is none */
static double number(const char *name);                 /* an attribute */
static void integers(const char *name, int count, int *values);
static const char *text(const char *name);
static void output(Tensor *tensor);
static void gradient(const char *name, Tensor *tensor);

static Tensor *tensor(int rank, const int *shape)
{
    Tensor *made = take(1, sizeof *made);
    int axis;
    made->rank = rank;
    made->count = 1;
    for (axis = 0; axis < rank; axis++) {
        made->shape[axis] = shape[axis];
        if (shape[axis] && made->count > (size_t)-1 / 8 / (size_t)shape[axis])
            leave("error", "a tensor is too large");
        made->count *= (size_t)shape[axis];
    }
    made->data = take(made->count, sizeof *made->data);
    return made;
}

static Tensor *needed(Tensor *found, int rank, const char *name)
{
    if (!found || found->rank != rank)
        leave("error", "expected %s of %d axes", name, rank);
    return found;
}

/* ---- the layers ---- */

static void relu(void)
{
    Tensor *x = input("input"), *dy = cotangent(), *y, *dx;
    size_t i;
    if (!x || !dy || dy->count != x->count)
        leave("error", "expected an input, and a cotangent of its size");
    y = tensor(x->rank, x->shape);
    dx = tensor(x->rank, x->shape);
    for (i = 0; i < x->count; i++) {
        y->data[i] = x->data[i] <= 0 ? 0 : x->data[i]; /* a NaN stays one, and its gradient goes through */
        dx->data[i] = x->data[i] <= 0 ? 0 : dy->data[i];
    }
    output(y);
    gradient("input", dx);
}

static void linear(void)
{
    Tensor *x = needed(input("input"), 2, "input"), *w = needed(input("weight"), 2, "weight"), *b = input("bias"), *dy = needed(cotangent(), 2, "cotangent");
    int rows = x->shape[0], ins = x->shape[1], outs = w->shape[0], n, i, o, shape[2];
    Tensor *y, *dx, *dw, *db;
    if (w->shape[1] != ins || (b && b->count != (size_t)outs) || dy->shape[0] != rows || dy->shape[1] != outs)
        leave("refused", "the shapes don't fit");
    shape[0] = rows;
    shape[1] = outs;
    y = tensor(2, shape);
    dx = tensor(2, x->shape);
    dw = tensor(2, w->shape);
    db = tensor(1, &outs);
    for (n = 0; n < rows; n++)
        for (o = 0; o < outs; o++) {
            const float *xs = x->data + (size_t)n * ins, *ws = w->data + (size_t)o * ins;
            float sum = b ? b->data[o] : 0, up = dy->data[(size_t)n * outs + o];
            for (i = 0; i < ins; i++) {
                sum += xs[i] * ws[i];
                dx->data[(size_t)n * ins + i] += up * ws[i];
                dw->data[(size_t)o * ins + i] += up * xs[i];
            }
            y->data[(size_t)n * outs + o] = sum;
            db->data[o] += up;
        }
    output(y);
    gradient("input", dx);
    gradient("weight", dw);
    if (b)
        gradient("bias", db);
}

static void conv2d(void)
{
    Tensor *x = needed(input("input"), 4, "input"), *w = needed(input("weight"), 4, "weight"), *b = input("bias"), *dy;
    int n = x->shape[0], c = x->shape[1], h = x->shape[2], v = x->shape[3], o = w->shape[0], cg = w->shape[1], kh = w->shape[2], kw = w->shape[3];
    int stride[2], padding[4], dilation[2], groups = (int)number("groups"), shape[4], image, out, oh, ow, q, i, j;
    long room_h, room_w;
    Tensor *y, *dx, *dw, *db;
    integers("stride", 2, stride);
    integers("padding", 4, padding);
    integers("dilation", 2, dilation);
    if (padding[0] < 0 || padding[1] < 0 || padding[2] < 0 || padding[3] < 0)
        leave("refused", "a padding is negative");
    if (stride[0] < 1 || stride[1] < 1 || dilation[0] < 1 || dilation[1] < 1)
        leave("refused", "stride and dilation must be at least 1");
    if (groups < 1 || c != groups * cg || o % groups || (b && b->count != (size_t)o))
        leave("refused", "groups %d must divide the channels %d and %d", groups, c, o);
    room_h = (long)h + padding[0] + padding[1] - (long)dilation[0] * (kh - 1) - 1;
    room_w = (long)v + padding[2] + padding[3] - (long)dilation[1] * (kw - 1) - 1;
    if (room_h < 0 || room_w < 0)
        leave("refused", "the kernel %dx%d is larger than the padded input", kh, kw);
    shape[0] = n;
    shape[1] = o;
    shape[2] = (int)(room_h / stride[0] + 1);
    shape[3] = (int)(room_w / stride[1] + 1);
    y = tensor(4, shape);
    dx = tensor(4, x->shape);
    dw = tensor(4, w->shape);
    db = tensor(1, &o);
    dy = needed(cotangent(), 4, "cotangent");
    if (dy->count != y->count)
        leave("error", "the cotangent has another size than the output");
    for (image = 0; image < n; image++)
        for (out = 0; out < o; out++)
            for (oh = 0; oh < shape[2]; oh++)
                for (ow = 0; ow < shape[3]; ow++) {
                    size_t at = (((size_t)image * o + out) * shape[2] + oh) * shape[3] + ow;
                    float sum = b ? b->data[out] : 0, up = dy->data[at];
                    for (q = 0; q < cg; q++)
                        for (i = 0; i < kh; i++) {
                            int ih = oh * stride[0] + i * dilation[0] - padding[0];
                            size_t row = (((size_t)image * c + out / (o / groups) * cg + q) * h + ih) * v, weights = (((size_t)out * cg + q) * kh + i) * kw;
                            if (ih < 0 || ih >= h)
                                continue;
                            for (j = 0; j < kw; j++) {
                                int iw = ow * stride[1] + j * dilation[1] - padding[2];
                                if (iw < 0 || iw >= v)
                                    continue;
                                sum += x->data[row + iw] * w->data[weights + j];
                                dx->data[row + iw] += up * w->data[weights + j];
                                dw->data[weights + j] += up * x->data[row + iw];
                            }
                        }
                    y->data[at] = sum;
                    db->data[out] += up;
                }
    output(y);
    gradient("input", dx);
    gradient("weight", dw);
    if (b)
        gradient("bias", db);
}

static int pool_windows(int length, int kernel, int stride, int padding, int dilation, int ceil_mode)
{
    long room = (long)length + 2L * padding - (long)dilation * (kernel - 1) - 1;
    int count;
    if (padding < 0 || padding * 2 > kernel || stride < 1 || dilation < 1)
        leave("refused", "padding must be from 0 to half the kernel, stride and dilation at least 1");
    if (room < 0)
        leave("refused", "the kernel %d is larger than the padded input", kernel);
    count = (int)(room / stride + 1);
    if (ceil_mode && room % stride && (long)count * stride < (long)length + padding)
        count++; /* a last window must start inside the input or the padding before it */
    return count;
}

static void max_pool2d(void)
{
    Tensor *x = needed(input("input"), 4, "input"), *dy, *y, *dx;
    int kernel[2], stride[2], padding[2], dilation[2], ceil_mode = number("ceil_mode") != 0, shape[4], h = x->shape[2], v = x->shape[3], oh, ow, i, j;
    size_t plane, at = 0;
    integers("kernel_size", 2, kernel);
    integers("stride", 2, stride);
    integers("padding", 2, padding);
    integers("dilation", 2, dilation);
    shape[0] = x->shape[0];
    shape[1] = x->shape[1];
    shape[2] = pool_windows(h, kernel[0], stride[0], padding[0], dilation[0], ceil_mode);
    shape[3] = pool_windows(v, kernel[1], stride[1], padding[1], dilation[1], ceil_mode);
    y = tensor(4, shape);
    dx = tensor(4, x->shape);
    dy = needed(cotangent(), 4, "cotangent");
    if (dy->count != y->count)
        leave("error", "the cotangent has another size than the output");
    for (plane = 0; plane < (size_t)shape[0] * shape[1]; plane++)
        for (oh = 0; oh < shape[2]; oh++)
            for (ow = 0; ow < shape[3]; ow++, at++) {
                const float *xs = x->data + plane * h * v;
                long best = -1;
                for (i = 0; i < kernel[0]; i++)
                    for (j = 0; j < kernel[1]; j++) {
                        int ih = oh * stride[0] + i * dilation[0] - padding[0], iw = ow * stride[1] + j * dilation[1] - padding[1];
                        long place = (long)ih * v + iw;
                        if (ih < 0 || ih >= h || iw < 0 || iw >= v)
                            continue;
                        if (best < 0 || xs[place] > xs[best] || xs[place] != xs[place]) /* the first of a tie, the last NaN */
                            best = place;
                    }
                if (best < 0)
                    leave("refused", "a window sees padding alone");
                y->data[at] = xs[best];
                dx->data[plane * h * v + best] += dy->data[at];
            }
    output(y);
    gradient("input", dx);
}

static void cross_entropy(void)
{
    Tensor *x = needed(input("input"), 2, "input"), *target = needed(input("target"), 1, "target"), *weight = input("weight"), *dy = cotangent();
    int rows = x->shape[0], classes = x->shape[1], n, c;
    double smoothing = number("label_smoothing"), ignored = number("ignore_index"), total = 0, divisor = 0;
    const char *reduction = text("reduction");
    int each = !strcmp(reduction, "none");
    Tensor *losses, *dx;
    if (target->shape[0] != rows)
        leave("refused", "%d rows have %d targets", rows, target->shape[0]);
    if (!(smoothing >= 0 && smoothing <= 1))
        leave("refused", "label_smoothing %g is not from 0 to 1", smoothing);
    for (n = 0; n < rows; n++)
        if (target->data[n] != ignored && !(target->data[n] >= 0 && target->data[n] < classes))
            leave("refused", "target %g is no class from 0 to %d", target->data[n], classes - 1);
    if ((weight && weight->count != (size_t)classes) || (each && (!dy || dy->count != (size_t)rows)))
        leave("error", "weight or cotangent has another size");
    losses = tensor(1, &rows);
    dx = tensor(2, x->shape);
    for (n = 0; n < rows; n++) {
        const float *xs = x->data + (size_t)n * classes;
        double most = -HUGE_VAL, sum = 0, wanted_in_all = 0;
        int y = (int)target->data[n];
        if (target->data[n] == ignored)
            continue;
        for (c = 0; c < classes; c++)
            most = xs[c] > most ? xs[c] : most;
        for (c = 0; c < classes; c++)
            sum += exp(xs[c] - most);
        for (c = 0; c < classes; c++) {
            double wanted = (weight ? weight->data[c] : 1) * ((1 - smoothing) * (c == y) + smoothing / classes);
            wanted_in_all += wanted;
            losses->data[n] -= (float)(wanted * (xs[c] - most - log(sum)));
        }
        for (c = 0; c < classes; c++) {
            double wanted = (weight ? weight->data[c] : 1) * ((1 - smoothing) * (c == y) + smoothing / classes);
            dx->data[(size_t)n * classes + c] = (float)((exp(xs[c] - most) / sum * wanted_in_all - wanted) * (each ? dy->data[n] : 1));
        }
        total += losses->data[n];
        divisor += weight ? weight->data[y] : 1;
    }
    if (!strcmp(reduction, "mean")) {
        size_t i;
        for (i = 0; i < dx->count; i++)
            dx->data[i] = divisor > 0 ? (float)(dx->data[i] / divisor) : 0;
        total = divisor > 0 ? total / divisor : NAN; /* the mean over no rows */
    }
    if (!each) {
        losses = tensor(0, NULL);
        losses->data[0] = (float)total;
    }
    output(losses);
    gradient("input", dx);
}

static const struct { const char *name; void (*run)(void); } operations[] = {
    { "conv2d", conv2d }, { "max_pool2d", max_pool2d }, { "linear", linear }, { "relu", relu }, { "cross_entropy", cross_entropy },
};

/* ---- JSON: a value is a tree in the arena; lists and objects are chains ---- */

enum Kind { NOTHING, TRUTH, NUMBER, TEXT, LIST, OBJECT };
struct Json { enum Kind kind; double number; char *text; char *key; size_t count; Json *first, *next; };

static const char *cursor;

static void blanks(void)
{
    cursor += strspn(cursor, " \t\r\n");
}

static int eat(char expected)
{
    blanks();
    if (*cursor != expected)
        return 0;
    cursor++;
    return 1;
}

/* Writes a code point as UTF-8. */
static char *utf8(char *to, unsigned code)
{
    if (code < 0x80)
        *to++ = (char)code;
    else if (code < 0x800) {
        *to++ = (char)(0xC0 | code >> 6);
        *to++ = (char)(0x80 | (code & 63));
    } else if (code < 0x10000) {
        *to++ = (char)(0xE0 | code >> 12);
        *to++ = (char)(0x80 | (code >> 6 & 63));
        *to++ = (char)(0x80 | (code & 63));
    } else {
        *to++ = (char)(0xF0 | code >> 18);
        *to++ = (char)(0x80 | (code >> 12 & 63));
        *to++ = (char)(0x80 | (code >> 6 & 63));
        *to++ = (char)(0x80 | (code & 63));
    }
    return to;
}

static unsigned hexadecimal(void)
{
    unsigned code = 0, i;
    for (i = 0; i < 4; i++) {
        const char *digits = "0123456789abcdef0123456789ABCDEF", *digit = *cursor ? strchr(digits, *cursor) : NULL;
        if (!digit)
            leave("error", "a \\u needs four hexadecimal digits");
        code = code * 16 + (unsigned)(digit - digits) % 16;
        cursor++;
    }
    return code;
}

/* A text, unescaped: never longer than what it was. */
static char *string(void)
{
    const char *end = cursor;
    char *made, *to;
    while (*end && *end != '"')
        end += *end == '\\' && end[1] ? 2 : 1;
    made = to = take((size_t)(end - cursor) + 1, 1);
    while (*cursor && *cursor != '"') {
        static const char escapes[] = "\"\\/bfnrt", meant[] = "\"\\/\b\f\n\r\t";
        const char *escape;
        if (*cursor != '\\') {
            *to++ = *cursor++;
            continue;
        }
        cursor++;
        if (*cursor == 'u') {
            unsigned code;
            cursor++;
            code = hexadecimal();
            if (code >= 0xD800 && code < 0xDC00 && cursor[0] == '\\' && cursor[1] == 'u') {
                cursor += 2;
                code = 0x10000 + ((code - 0xD800) << 10) + ((hexadecimal() - 0xDC00) & 0x3FF);
            }
            to = utf8(to, code);
            continue;
        }
        escape = *cursor ? strchr(escapes, *cursor) : NULL;
        if (!escape)
            leave("error", "a text has an escape that JSON does not");
        *to++ = meant[escape - escapes];
        cursor++;
    }
    if (*cursor++ != '"')
        leave("error", "a text does not end");
    return made;
}

static Json *value(int depth)
{
    Json *made = take(1, sizeof *made), **last = &made->first;
    char close;
    blanks();
    if (depth > 20)
        leave("error", "the request is nested too deeply");
    if (*cursor == '{' || *cursor == '[') {
        made->kind = *cursor == '{' ? OBJECT : LIST;
        close = *cursor++ == '{' ? '}' : ']';
        if (eat(close))
            return made;
        do {
            char *key = NULL;
            if (made->kind == OBJECT) {
                if (!eat('"'))
                    leave("error", "expected a field's name");
                key = string();
                if (!eat(':'))
                    leave("error", "expected a colon after \"%.40s\"", key);
            }
            *last = value(depth + 1);
            (*last)->key = key;
            last = &(*last)->next;
            made->count++;
        } while (eat(','));
        if (!eat(close))
            leave("error", "a list or object does not end");
    } else if (eat('"')) {
        made->kind = TEXT;
        made->text = string();
    } else if (!strncmp(cursor, "true", 4) || !strncmp(cursor, "false", 5)) {
        made->kind = TRUTH;
        made->number = *cursor == 't';
        cursor += *cursor == 't' ? 4 : 5;
    } else if (!strncmp(cursor, "null", 4)) {
        cursor += 4;
    } else if (*cursor == '-' || (*cursor >= '0' && *cursor <= '9')) {
        char *end;
        made->kind = NUMBER;
        made->number = strtod(cursor, &end);
        cursor = end;
    } else
        leave("error", "expected a JSON value at \"%.20s\"", cursor);
    return made;
}

static Json *field(const Json *object, const char *name)
{
    Json *item = object && object->kind == OBJECT ? object->first : NULL;
    while (item && strcmp(item->key, name))
        item = item->next;
    return item;
}

/* ---- the protocol ---- */

typedef struct { const char *name; Tensor *tensor; } Named;

static const Json *request;
static Tensor *answer;
static Named gradients[4];
static int gradient_count;

static Tensor *tensor_of(const Json *message)
{
    const Json *shape = field(message, "shape"), *data = field(message, "data"), *item;
    int extents[8], rank = 0;
    size_t i = 0;
    Tensor *made;
    if (!shape || shape->kind != LIST || shape->count > 8 || !data || data->kind != LIST)
        leave("error", "a tensor needs shape, of at most 8 axes, and data");
    for (item = shape->first; item; item = item->next) {
        if (item->kind != NUMBER || !(item->number >= 0 && item->number <= 1e9))
            leave("error", "a shape has an extent that is none");
        extents[rank++] = (int)item->number;
    }
    made = tensor(rank, extents);
    if (made->count != data->count)
        leave("error", "a tensor has another number of elements than its shape says");
    for (item = data->first; item; item = item->next, i++)
        if (item->kind == NUMBER)
            made->data[i] = (float)item->number;
        else if (item->kind == TEXT && !strcmp(item->text, "NaN"))
            made->data[i] = NAN;
        else if (item->kind == TEXT && (!strcmp(item->text, "Infinity") || !strcmp(item->text, "-Infinity")))
            made->data[i] = item->text[0] == '-' ? -INFINITY : INFINITY;
        else
            leave("error", "a tensor has an element that is no number");
    return made;
}

static Tensor *input(const char *name)
{
    const Json *message = field(field(request, "inputs"), name);
    return message ? tensor_of(message) : NULL;
}

static Tensor *cotangent(void)
{
    const Json *message = field(field(request, "cotangent"), "output");
    return message ? tensor_of(message) : NULL;
}

static const Json *attribute(const char *name)
{
    const Json *found = field(field(request, "attributes"), name);
    if (!found)
        leave("error", "the attribute %s is missing", name);
    return found;
}

static int integer(const Json *item, const char *name)
{
    if (item->kind != NUMBER || !(fabs(item->number) <= 1e6) || item->number != floor(item->number))
        leave("error", "expected a whole number for %s", name);
    return (int)item->number;
}

static double number(const char *name)
{
    const Json *found = attribute(name);
    if (found->kind != NUMBER && found->kind != TRUTH)
        leave("error", "expected a number for %s", name);
    return found->number;
}

/* A list of `count`, or one number for all. */
static void integers(const char *name, int count, int *values)
{
    const Json *found = attribute(name), *item = found->first;
    int i;
    if (found->kind == LIST && found->count != (size_t)count)
        leave("error", "expected %d numbers for %s", count, name);
    for (i = 0; i < count; i++) {
        values[i] = integer(found->kind == LIST ? item : found, name);
        item = item ? item->next : NULL;
    }
}

static const char *text(const char *name)
{
    const Json *found = attribute(name);
    if (found->kind != TEXT)
        leave("error", "expected a text for %s", name);
    return found->text;
}

static void output(Tensor *tensor)
{
    answer = tensor;
}

static void gradient(const char *name, Tensor *tensor)
{
    gradients[gradient_count].name = name;
    gradients[gradient_count++].tensor = tensor;
}

static void print_text(const char *s)
{
    putchar('"');
    for (; *s; s++)
        if (*s == '"' || *s == '\\')
            printf("\\%c", *s);
        else if ((unsigned char)*s < 32)
            printf("\\u%04x", (unsigned char)*s);
        else
            putchar(*s);
    putchar('"');
}

static void print_tensor(const char *name, const Tensor *tensor)
{
    size_t i;
    printf("\"%s\":{\"shape\":[", name);
    for (i = 0; i < (size_t)tensor->rank; i++)
        printf("%s%d", i ? "," : "", tensor->shape[i]);
    printf("],\"data\":[");
    for (i = 0; i < tensor->count; i++) {
        float x = tensor->data[i];
        if (i)
            putchar(',');
        if (x != x)
            printf("\"NaN\"");
        else if (x - x != 0)
            printf("%s", x > 0 ? "\"Infinity\"" : "\"-Infinity\"");
        else
            printf("%.17g", x); /* nine digits would read back the same float32, but replies are read as float64 */
    }
    printf("]}");
}

static void reply(const Json *id)
{
    int i;
    printf("{\"id\":");
    print_text(id && id->kind == TEXT ? id->text : "");
    if (out_field) {
        printf(",\"%s\":", out_field);
        print_text(out_reason);
    } else {
        printf(",\"outputs\":{");
        print_tensor("output", answer);
        printf("},\"gradients\":{");
        for (i = 0; i < gradient_count; i++) {
            printf("%s", i ? "," : "");
            print_tensor(gradients[i].name, gradients[i].tensor);
        }
        printf("}");
    }
    printf("}\n");
}

static void run(const char *op)
{
    size_t i;
    for (i = 0; i < sizeof operations / sizeof *operations; i++)
        if (!strcmp(op, operations[i].name)) {
            operations[i].run();
            return;
        }
    leave("unsupported", "no such operation here");
}

/* A line of any length; NULL at the end of the input. */
static char *read_line(char **line, size_t *room)
{
    size_t length = 0;
    int c;
    while ((c = getchar()) != EOF && c != '\n') {
        if (length + 2 > *room) {
            char *larger = realloc(*line, *room = *room * 2 + 65536);
            if (!larger) {
                fprintf(stderr, "out of memory\n");
                exit(1);
            }
            *line = larger;
        }
        (*line)[length++] = (char)c;
    }
    if (c == EOF && length == 0)
        return NULL;
    if (length)
        (*line)[length] = '\0';
    return length ? *line : "";
}

static void greet(void)
{
    size_t i;
    printf("{\"conformance\":1,\"name\":\"c-example\",\"dtype\":\"float32\",\"ops\":[");
    for (i = 0; i < sizeof operations / sizeof *operations; i++)
        printf("%s\"%s\"", i ? "," : "", operations[i].name);
    printf("]}\n");
}

static void handle(const char *line)
{
    request = NULL;
    gradient_count = 0;
    out_field = NULL;
    if (!setjmp(way_out)) {
        const Json *op;
        cursor = line;
        request = value(0);
        blanks();
        if (*cursor)
            leave("error", "something follows the request");
        op = field(request, "op");
        if (!op && field(request, "conformance")) {
            greet();
            return;
        }
        if (!op || op->kind != TEXT)
            leave("error", "expected a request with id and op");
        run(op->text);
    }
    reply(field(request, "id"));
}

int main(void)
{
    char *line = NULL, *content;
    size_t room = 0;
    while ((content = read_line(&line, &room)) != NULL) {
        handle(content);
        fflush(stdout);
        empty_arena();
    }
    free(line);
    return 0;
}
