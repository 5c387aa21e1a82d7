// What the providers' public references show of their requests and answers, in their own shapes.
import { AGAIN, ASKED, answered, chatRow, HELLO, HI, SYSTEM, USAGE } from './row-parts.ts'

const TOOL_ASKED = {
  role: 'assistant',
  tool_calls: [{ id: 't1', type: 'function', function: { name: 'f', arguments: '{"a":1}' } }],
}
const TOOL_SAID = { role: 'tool', tool_call_id: 't1', content: '7' }

const OPENAI_BODY = { ...ASKED, model: 'm', stream: false }

/** Chats, both ways. */
export const chats = [
  chatRow({
    name: 'azure',
    sent: {
      url: 'https://inst.openai.azure.com/openai/deployments/dep/chat/completions?api-version=2023-05-15',
      body: OPENAI_BODY,
    },
    answer: answered({ usage: USAGE }),
    mapped: answered({ usage: USAGE }),
  }),
  chatRow({
    name: 'mistral',
    sent: { url: 'https://api.mistral.ai/v1/chat/completions', body: OPENAI_BODY },
    answer: answered(),
    mapped: answered(),
  }),
  chatRow({
    name: 'llama2 openai',
    sent: { url: 'http://l.test/o', body: OPENAI_BODY },
    answer: answered(),
    mapped: answered(),
  }),
  chatRow({
    name: 'anthropic',
    sent: {
      url: 'https://api.anthropic.com/v1/messages',
      headers: { 'anthropic-version': '2023-06-01', 'x-key': 'sesame' },
      body: {
        messages: [HELLO, HI, AGAIN],
        system: 'Be kind.',
        temperature: 0.5,
        max_tokens: 7,
        model: 'm',
        stream: false,
      },
    },
    answer: {
      type: 'message',
      role: 'assistant',
      model: 'claude-3',
      content: [
        { type: 'text', text: 'Hi' },
        { type: 'text', text: 'there' },
      ],
      stop_reason: 'end_turn',
      usage: { input_tokens: 3, output_tokens: 4 },
    },
    mapped: {
      choices: [
        {
          index: 0,
          message: { role: 'assistant', content: 'Hi\nthere' },
          finish_reason: 'end_turn',
        },
      ],
      usage: USAGE,
      model: 'claude-3',
      object: 'chat.content',
    },
  }),
  chatRow({
    name: 'anthropic',
    asked: {
      messages: [HELLO, TOOL_ASKED, TOOL_SAID],
      tools: [{ type: 'function', function: { name: 'f', description: 'd', parameters: {} } }],
      tool_choice: { type: 'function', function: { name: 'f' } },
    },
    sent: {
      url: 'https://api.anthropic.com/v1/messages',
      body: {
        messages: [
          HELLO,
          {
            role: 'assistant',
            content: [{ type: 'tool_use', id: 't1', name: 'f', input: { a: 1 } }],
          },
          {
            role: 'user',
            content: [{ type: 'tool_result', tool_use_id: 't1', content: '7' }],
          },
        ],
        tools: [{ name: 'f', description: 'd', input_schema: {} }],
        tool_choice: { type: 'tool', name: 'f' },
        model: 'm',
        stream: false,
      },
    },
    answer: {
      model: 'claude-3',
      content: [{ type: 'tool_use', id: 't2', name: 'f', input: { a: 2 } }],
      stop_reason: 'tool_use',
    },
    mapped: {
      choices: [
        {
          index: 0,
          message: {
            role: 'assistant',
            content: '',
            tool_calls: [
              { id: 't2', type: 'function', function: { name: 'f', arguments: '{"a":2}' } },
            ],
          },
          finish_reason: 'tool_use',
        },
      ],
      usage: 'no usage data returned from upstream',
      model: 'claude-3',
      object: 'chat.content',
    },
  }),
  ...[
    { tool_choice: 'required', sent: { type: 'any' } },
    { tool_choice: 'auto', sent: { type: 'auto' } },
    { tool_choice: 'some', sent: undefined },
  ].map(({ tool_choice, sent }) =>
    chatRow({
      name: 'anthropic',
      asked: { messages: [HELLO], tool_choice },
      sent: {
        url: 'https://api.anthropic.com/v1/messages',
        body: {
          messages: [HELLO],
          model: 'm',
          stream: false,
          ...(sent === undefined ? {} : { tool_choice: sent }),
        },
      },
      answer: { model: 'c', content: [], usage: { input_tokens: 3, output_tokens: 4 } },
      mapped: {
        choices: [{ index: 0, message: { role: 'assistant', content: '' } }],
        usage: USAGE,
        model: 'c',
        object: 'chat.content',
      },
    }),
  ),
  chatRow({
    name: 'cohere',
    asked: { ...ASKED, top_p: 0.2, top_k: 3 },
    sent: {
      url: 'https://api.cohere.com/v1/chat',
      body: {
        max_tokens: 7,
        temperature: 0.5,
        p: 0.2,
        k: 3,
        model: 'm',
        stream: false,
        chat_history: [
          { role: 'USER', message: 'Be kind.' },
          { role: 'USER', message: 'Hello' },
          { role: 'CHATBOT', message: 'Hi' },
        ],
        message: 'Again',
      },
    },
    answer: {
      text: 'Hi there',
      generation_id: 'g1',
      meta: { billed_units: { input_tokens: 3, output_tokens: 4 } },
    },
    mapped: answered({ id: 'g1', usage: USAGE }),
  }),
  chatRow({
    name: 'cohere',
    asked: { messages: [HELLO], tools: [{ type: 'function' }] },
    sent: {
      url: 'https://api.cohere.com/v1/chat',
      body: { messages: [HELLO], tools: [{ type: 'function' }], model: 'm', stream: false },
    },
    answer: {
      id: 'g2',
      finish_reason: 'TOOL_CALL',
      message: { tool_plan: 'I call', tool_calls: [{ id: 't' }] },
      usage: { billed_units: { input_tokens: 3, output_tokens: 4 } },
    },
    mapped: answered(
      { id: 'g2', usage: USAGE },
      {
        message: { role: 'assistant', content: 'I call', tool_calls: [{ id: 't' }] },
        finish_reason: 'TOOL_CALL',
      },
    ),
  }),
  chatRow({
    name: 'mistral ollama',
    sent: {
      url: 'http://o.test/api/chat',
      body: {
        messages: ASKED.messages,
        model: 'm',
        stream: false,
        options: { num_predict: 4, temperature: 0.5 },
      },
    },
    answer: {
      model: 'm',
      created_at: '2024-01-15T08:13:38.876196Z',
      message: { role: 'assistant', content: 'Hi there' },
      done: true,
      prompt_eval_count: 3,
      eval_count: 4,
    },
    mapped: answered(
      { created: '2024-01-15T08:13:38.876196Z', usage: USAGE },
      { finish_reason: 'length' },
    ),
  }),
  chatRow({
    name: 'llama2 ollama',
    asked: { messages: [HELLO] },
    sent: {
      url: 'http://l.test/api',
      body: { messages: [HELLO], model: 'm', stream: false, options: {} },
    },
    answer: { model: 'm', message: { role: 'assistant', content: 'Hi there' }, done: true },
    mapped: answered({ usage: { prompt_tokens: 0, completion_tokens: 0, total_tokens: 0 } }),
  }),
  chatRow({
    name: 'llama2 ollama',
    asked: { messages: [HELLO], tools: [{ type: 'function' }], tool_choice: 'auto' },
    sent: {
      url: 'http://l.test/api',
      body: {
        messages: [HELLO],
        model: 'm',
        stream: false,
        tools: [{ type: 'function' }],
        tool_choice: 'auto',
        options: {},
      },
    },
    answer: {
      model: 'm',
      message: { role: 'assistant', content: 'Hi there' },
      done: true,
      finish_reason: 'tool_calls',
    },
    mapped: answered(
      { usage: { prompt_tokens: 0, completion_tokens: 0, total_tokens: 0 } },
      { finish_reason: 'tool_calls' },
    ),
  }),
  chatRow({
    name: 'llama2 ollama',
    asked: { messages: [HELLO], top_p: 0.1, top_k: 2 },
    sent: {
      url: 'http://l.test/api',
      body: { messages: [HELLO], model: 'm', stream: false, options: { top_p: 0.1, top_k: 2 } },
    },
    answer: { model: 'm', message: { role: 'assistant', content: 'Hi there' }, done: true },
    mapped: answered({ usage: { prompt_tokens: 0, completion_tokens: 0, total_tokens: 0 } }),
  }),
  chatRow({
    name: 'llama2 raw',
    asked: { messages: [SYSTEM, HELLO, { role: 'system', content: 'Hi' }, AGAIN] },
    sent: {
      url: 'http://l.test/raw',
      body: {
        inputs: '<s>[INST] <<SYS>> Be kind. <</SYS>> Hello [/INST] Hi </s> <s>[INST] Again [/INST]',
        parameters: { max_new_tokens: 9, top_p: 1, top_k: 40 },
      },
    },
    answer: { data: [{ generated_text: '[INST] Again [/INST]\n Hi there \n' }], usage: USAGE },
    mapped: {
      choices: [{ message: { content: 'Hi there', role: 'assistant' }, index: 0 }],
      object: 'chat.completion',
      usage: USAGE,
    },
  }),
]
