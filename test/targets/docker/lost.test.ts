import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import path from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { connectEngine, type Engine } from '../../../src/targets/docker/engine.js';
import { exec } from '../../../src/targets/docker/exec.js';
import { tempProject } from '../../helpers/temp.js';

type Answer = (request: IncomingMessage, response: ServerResponse) => void;

/** An engine that answers when it is asked whether it is there, and then as told. */
async function engineThat(answer: Answer): Promise<{ engine: Engine; stop: () => void }> {
  const socket = path.join(tempProject(), 'docker.sock');
  const server = createServer((request, response) => {
    if (request.url === '/_ping') response.end('OK');
    else answer(request, response);
  }).listen(socket);
  await new Promise((resolve) => server.once('listening', resolve));
  const stop = (): void => {
    server.close();
    server.closeAllConnections();
  };
  onTestFinished(stop);
  return { engine: await connectEngine({ host: `unix://${socket}` }), stop };
}

const LOST = { code: 'DK_ENGINE_LOST', exitCode: 3 };

it.each<[string, Answer]>([
  ['breaks off before it answers', (request) => void request.socket.destroy()],
  [
    'breaks off in the middle of an answer',
    (request, response) => {
      response.writeHead(200, { 'content-length': '100' }).write('{"Name":');
      setTimeout(() => request.socket.destroy(), 20);
    },
  ],
])('a connection that %s is DK_ENGINE_LOST', async (_, answer) => {
  const { engine } = await engineThat(answer);
  await expect(engine.docker.info()).rejects.toMatchObject(LOST);
});

it('an engine that is gone after it answered once is DK_ENGINE_LOST, with what to do', async () => {
  const { engine, stop } = await engineThat(() => undefined);
  stop();
  await expect(engine.docker.info()).rejects.toMatchObject({
    ...LOST,
    details: { hint: expect.stringContaining('once more') },
  });
});

it('an answer that says no stays what it is', async () => {
  const { engine } = await engineThat((_, response) => void response.writeHead(404).end('{"message":"no"}'));
  await expect(engine.docker.getContainer('x').inspect()).rejects.toMatchObject({ statusCode: 404 });
});

it('a slow answer is waited for', async () => {
  const { engine } = await engineThat(
    (_, response) => void setTimeout(() => response.end('{"Name":"slow"}'), 400),
  );
  expect(await engine.docker.info()).toEqual({ Name: 'slow' });
});

// An engine that forgot a command it was asked to run.
const forgets = (running: boolean) =>
  engineThat((request, response) => {
    const { url = '' } = request;
    request.resume();
    if (url.endsWith('/exec')) response.writeHead(201).end('{"Id":"e1"}');
    else if (url.endsWith('/start')) {
      response.writeHead(101, { connection: 'Upgrade', upgrade: 'tcp' }).end();
      request.socket.end();
    } else if (url.endsWith('/containers/x/json')) response.end(`{"State":{"Running":${running}}}`);
    else response.writeHead(404).end('{"message":"No such exec instance"}');
  });

it('an engine that was started again does not know what it was asked to run before', async () => {
  const { engine } = await forgets(true);
  await expect(exec(engine.docker.getContainer('x'), ['true'])).rejects.toMatchObject(LOST);
});

it('an engine forgets what ran in a container that ended', async () => {
  const { engine } = await forgets(false);
  expect(await exec(engine.docker.getContainer('x'), ['true'])).toMatchObject({ exitCode: 137, stdout: '' });
});
