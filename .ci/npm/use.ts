// A few lines that use what was generated, as a program would: they only have to compile.
import createClient from "openapi-fetch";
import type { components, paths } from "./fetch";
import { inviteMember, listMembers, type Event } from "./hey";

// With openapi-typescript.
export async function invite(org: string): Promise<string | undefined> {
  const client = createClient<paths>({ baseUrl: "http://127.0.0.1:8080" });
  const sent = await client.POST("/v1/organizations/{org}/invites", {
    params: { path: { org } },
    body: { email: "eve@example.org" },
  });
  if (sent.error) throw new Error(sent.error.detail);
  const token: string | undefined = sent.data.token;
  return token ?? sent.data.events[0]?.type;
}

export async function members(org: string): Promise<string[]> {
  const client = createClient<paths>();
  const page = await client.GET("/v1/organizations/{org}/members", { params: { path: { org } } });
  return page.data?.items.map((member) => member.user) ?? [];
}

// The items of a bulk are told apart by their type.
export function about(command: components["schemas"]["Command"]): string {
  switch (command.type) {
    case "add_member":
      return command.user;
    case "create_project":
      return command.name ?? "";
    default:
      return command.type;
  }
}

// The type of an event says what its payload holds.
export function happened(event: components["schemas"]["Event"]): string {
  switch (event.type) {
    case "membership.joined.v1":
      return `${event.payload.member} as ${event.payload.role}`;
    case "organization.created.v1":
      return event.payload.scheme.organization_roles.map((role) => role.key).join();
    default:
      return event.type;
  }
}

// With @hey-api/openapi-ts.
export function joined(event: Event): string | undefined {
  return event.type === "membership.joined.v1" ? event.payload.member : undefined;
}

export async function inviteAndList(org: string): Promise<string[]> {
  const sent = await inviteMember({ path: { org }, body: { email: "fay@example.org" } });
  if (sent.error) throw new Error(sent.error.detail);
  const type: string | undefined = sent.data.events[0]?.type;
  const token: string | undefined = sent.data.token;
  const page = await listMembers({ path: { org } });
  return [type ?? "", token ?? "", ...(page.data?.items.map((member) => member.user) ?? [])];
}
