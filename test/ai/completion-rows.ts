// What the providers' public references show of their requests and answers, in their own shapes.
import { provided } from './provider-configs.ts'
import { type Row, USAGE } from './row-parts.ts'

const TEXT = { choices: [{ index: 0, text: 'Hi', finish_reason: 'stop' }], model: 'm' }

function completionRow(row: Row) {
  return { ...row, config: provided(row.name) }
}

/** Completions, both ways: `{ prompt: 'Hello', max_tokens: 7 }` is asked. */
export const completions = [
  completionRow({
    name: 'azure',
    sent: {
      url: 'https://inst.openai.azure.com/openai/deployments/dep/completions?api-version=2023-05-15',
      body: { prompt: 'Hello', max_tokens: 7, model: 'm', stream: false },
    },
    answer: TEXT,
    mapped: TEXT,
  }),
  completionRow({
    name: 'anthropic',
    sent: {
      url: 'https://api.anthropic.com/v1/complete',
      body: {
        prompt: 'Human: Hello\n\nAssistant:',
        max_tokens_to_sample: 7,
        model: 'm',
        stream: false,
      },
    },
    answer: { completion: 'Hi', stop_reason: 'stop', model: 'm' },
    mapped: { ...TEXT, object: 'text_completion' },
  }),
  completionRow({
    name: 'cohere',
    sent: {
      url: 'https://api.cohere.com/v1/generate',
      body: { prompt: 'Hello', max_tokens: 7, model: 'm', stream: false },
    },
    answer: {
      id: 'g',
      prompt: 'Hello',
      generations: [{ id: 'a', text: 'Hi' }],
      meta: { billed_units: { input_tokens: 3, output_tokens: 4 } },
    },
    mapped: { ...TEXT, object: 'text_completion', id: 'g', usage: USAGE },
  }),
  completionRow({
    name: 'llama2 ollama',
    sent: {
      url: 'http://l.test/api',
      body: { prompt: 'Hello', model: 'm', stream: false, options: { num_predict: 7 } },
    },
    answer: { model: 'm', response: 'Hi', done: true, prompt_eval_count: 3, eval_count: 4 },
    mapped: {
      choices: [{ index: 0, text: 'Hi' }],
      model: 'm',
      object: 'text_completion',
      usage: USAGE,
    },
  }),
  completionRow({
    name: 'llama2 raw',
    sent: {
      url: 'http://l.test/raw',
      body: {
        inputs: '<s> [INST] <<SYS>> You are a helpful assistant. <<SYS>> Hello [/INST]',
        parameters: { max_new_tokens: 9, top_p: 1, top_k: 40 },
      },
    },
    answer: { data: [{ generated_text: 'Hi' }] },
    mapped: { choices: [{ index: 0, text: 'Hi' }], object: 'text_completion' },
  }),
  completionRow({
    name: 'huggingface',
    sent: {
      url: 'https://api-inference.huggingface.co/models/org/m',
      body: {
        inputs: 'Hello',
        options: { use_cache: true, wait_for_model: false },
        parameters: { max_new_tokens: 7 },
        model: 'org/../m',
      },
    },
    answer: [{ generated_text: 'Hi' }],
    mapped: {
      model: 'org/../m',
      object: 'llm/v1/completions',
      usage: {},
      choices: [{ message: { content: 'Hi' }, index: 0, finish_reason: 'complete' }],
    },
  }),
]
