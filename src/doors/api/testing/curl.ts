/** As much of curl as the examples of docs/api.md use, for machines without one: -s, -f, -X, -H, -d, --data-urlencode with -G. */

const args = process.argv.slice(2);
const headers = new Headers();
const data: string[] = [];
let [url, method, isGet] = ['', '', false];
for (let i = 0; i < args.length; i++) {
  const arg = args[i]!;
  if (arg === '-X') method = args[++i]!;
  else if (arg === '-H') {
    const [, name, value] = /^([^:]+): *(.*)$/.exec(args[++i]!)!;
    headers.set(name!, value!);
  } else if (arg === '-d') data.push(args[++i]!);
  else if (arg === '--data-urlencode') data.push(args[++i]!.replace(/=(.*)$/s, (_, value: string) => `=${encodeURIComponent(value)}`));
  else if (arg === '-G') isGet = true;
  else if (!arg.startsWith('-')) url = arg;
}
const body = data.join('&');
const response = await fetch(isGet ? `${url}?${body}` : url, {
  method: method || (body === '' || isGet ? 'GET' : 'POST'),
  headers,
  ...(body === '' || isGet ? {} : { body }),
});
process.stdout.write(await response.text());
if (!response.ok) process.exitCode = 22;
