import axios from 'axios'
import { reactive } from 'vue'
import { adminUrl } from './config.mjs'

/** What is known of the gateway, and what went wrong. */
export const state = reactive({
  info: { edition: 'community' },
  complaints: [],
  complain: (error) => {
    state.complaints.push(String(error?.message ?? error))
  },
})

/** Asks the gateway what it is, as Kong Manager does before its pages. */
export async function learnInfo() {
  try {
    state.info = (await axios.get(adminUrl, { withCredentials: true })).data
  } catch (error) {
    state.complain(error)
  }
}
