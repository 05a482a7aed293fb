package api

import (
	"context"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/seed-2026d078/roster/internal/mail"
	"github.com/seed-2026d078/roster/projections"
)

// watchMail registers what became of mails, and how many wait, which is read at each scrape.
func (m *Metrics) watchMail(desk *Desk, outbox *projections.Outbox, sender *mail.Sender) {
	m.registry.MustRegister(
		prometheus.NewGaugeFunc(prometheus.GaugeOpts{
			Name: "roster_follower_lag", Help: "Commits that a follower has not taken in yet.", ConstLabels: prometheus.Labels{"follower": "outbox"},
		}, func() float64 { return max(0, float64(desk.View().Position)-float64(outbox.Position())) }),
		mailCollector{outbox, sender},
	)
}

// mailCollector collects the metrics of mail.
type mailCollector struct {
	outbox *projections.Outbox
	sender *mail.Sender
}

var (
	mailsWaiting = prometheus.NewDesc("roster_mails_waiting", "Mails that are to be sent, those that are tried again included.", nil, nil)
	mailsDead    = prometheus.NewDesc("roster_mail_dead_letters", "Mails that could not be sent, and were neither dropped nor tried again since.", nil, nil)
	mailsTotal   = prometheus.NewDesc("roster_mails_total", "What became of mails on this node: sent; dropped, since what they say is no longer so; dead, given up.", []string{"outcome"}, nil)
	mailFailures = prometheus.NewDesc("roster_mail_failures_total", "Tries to send a mail that failed on this node.", nil, nil)
)

// Describe implements [prometheus.Collector].
func (c mailCollector) Describe(all chan<- *prometheus.Desc) {
	for _, d := range []*prometheus.Desc{mailsWaiting, mailsDead, mailsTotal, mailFailures} {
		all <- d
	}
}

// Collect implements [prometheus.Collector]. While the database cannot be asked, it is not known how many wait.
func (c mailCollector) Collect(all chan<- prometheus.Metric) {
	ctx, cancel := context.WithTimeout(context.Background(), readinessTimeout)
	defer cancel()
	if waiting, dead, err := c.outbox.Count(ctx); err == nil {
		all <- prometheus.MustNewConstMetric(mailsWaiting, prometheus.GaugeValue, float64(waiting))
		all <- prometheus.MustNewConstMetric(mailsDead, prometheus.GaugeValue, float64(dead))
	}
	counts := c.sender.Counts()
	all <- prometheus.MustNewConstMetric(mailFailures, prometheus.CounterValue, float64(counts.Failed))
	for outcome, n := range map[string]int64{"sent": counts.Sent, "dropped": counts.Dropped, "dead": counts.Dead} {
		all <- prometheus.MustNewConstMetric(mailsTotal, prometheus.CounterValue, float64(n), outcome)
	}
}
