declare module 'zendesk_app_framework_sdk' {
  /** Zendesk's own client; false where the page is not inside Zendesk. */
  const ZAFClient: { init(registered?: (context: unknown) => void): unknown };
  export default ZAFClient;
}
