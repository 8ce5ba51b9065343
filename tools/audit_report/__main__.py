from tools.audit_report.titles import main

main()
