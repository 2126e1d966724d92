// A reported error in parts that fit a page. Any value may be anything: markup, right-to-left text, 100 kB.

const MAX_SHORT_LENGTH = 300;

/** The code and the message, short values as facts, long ones as sections, each as [name, text]. */
export function partsOf(error) {
  const { code, message, timestamp, record_id: recordId, stack, context, ...others } = error;
  const codeText = toText(code);
  const values = [["Record", recordId], ["Time", timestamp], ...Object.entries(others)]
    .filter(([, value]) => isPresent(value))
    .map(([name, value]) => [truncate(name, MAX_SHORT_LENGTH), toText(value)]);
  return {
    code: truncate(codeText, MAX_SHORT_LENGTH),
    message: toText(message),
    facts: values.filter(([, text]) => !isLong(text)),
    sections: [
      ...(isLong(codeText) ? [["Code", codeText]] : []),
      ...values.filter(([, text]) => isLong(text)),
      ...(isPresent(context) ? [["Context", toText(context)]] : []),
      ...(isPresent(stack) ? [["Stack", toText(stack)]] : []),
    ],
  };
}

export const truncate = (text, length) => (text.length > length ? `${text.slice(0, length)}…` : text);

const toText = (value) => (typeof value === "string" ? value : JSON.stringify(value, null, 2));

const isLong = (text) => text.length > MAX_SHORT_LENGTH;

const isPresent = (value) => value !== undefined && value !== null;
