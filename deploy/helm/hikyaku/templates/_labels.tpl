{{- /* Go's own functions only, so that the templates can be tested without Helm. */ -}}
{{- define "hikyaku.labels" -}}
{ app.kubernetes.io/name: hikyaku, app.kubernetes.io/instance: {{ printf "%q" .Release.Name }} }
{{- end -}}
{{- define "hikyaku.image" -}}
{{ printf "%s:%s" .Values.image.repository (or .Values.image.tag .Chart.AppVersion) | printf "%q" }}
{{- end -}}
